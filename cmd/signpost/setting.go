package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot/setting"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func (a *app) settingCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "setting", Short: "Settings of a place and everything below it", Args: noArgs,
		Example: "  signpost setting list --place 'Royal Example'\n  signpost setting set offer-minutes 30 --place 'Royal Example'",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.settingListCommand(), a.settingSetCommand())
	return c
}

// listedSetting is the shape of setting list --json.
type listedSetting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	From    string `json:"from"` // the place that set it, "" for the default
	Default string `json:"default"`
	About   string `json:"about"`
}

// placeOrNation is the place that --place names, or the nation.
func placeOrNation(o opened, said string) (place.Place, error) {
	if said != "" {
		return findPlace(o.base.Snapshot(), "place", said)
	}
	nation, ok := o.base.Snapshot().Places.Nation()
	if !ok {
		return nation, errors.New("there is no place in the file yet")
	}
	return nation, nil
}

func (a *app) settingListCommand() *cobra.Command {
	var at string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the settings as they hold at a place", Args: noArgs,
		Example: "  signpost setting list\n  signpost setting list --place 'Royal Example' --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				p, err := placeOrNation(o, at)
				if err != nil {
					return err
				}
				settings, err := setting.Load(c.Context(), o.db.Read())
				if err != nil {
					return err
				}
				list := []listedSetting{}
				for _, s := range setting.All {
					value, from := settings.Of(o.base.Snapshot().Places, p.ID, s.Key)
					list = append(list, listedSetting{string(s.Key), value, from, s.Default, s.About})
				}
				return a.printSettings(p, list, asJSON)
			})
		},
	}
	c.Flags().StringVar(&at, "place", "", "the `PLACE` to look at; the nation if left out")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printSettings(p place.Place, list []listedSetting, asJSON bool) error {
	if asJSON {
		return printJSON(a.out, list)
	}
	fmt.Fprintf(a.out, "Settings at %s:\n", p.Name)
	for _, s := range list {
		from := "default"
		if s.From != "" {
			from = "set at " + s.From
		}
		fmt.Fprintf(a.out, "%-14s %-8s (%s)\n%15s%s\n", s.Key, quoted(s.Value), from, "", s.About)
	}
	return nil
}

func quoted(value string) string {
	if value == "" {
		return "-"
	}
	return value
}

func (a *app) settingSetCommand() *cobra.Command {
	var at string
	c := &cobra.Command{
		Use: "set --place PLACE KEY VALUE", Short: "Change a setting; an empty value goes back to what holds above",
		Example: "  signpost setting set --place 'Royal Example' offer-minutes 30\n  signpost setting set --place 'Royal Example' offer-minutes ''",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				p, err := placeOrNation(o, at)
				if err != nil {
					return err
				}
				key, value := setting.Key(args[0]), strings.TrimSpace(strings.Join(args[1:], " "))
				if (key == setting.OfferChannel || key == setting.Fallback) && value != "" {
					if _, err := readAddress(value); err != nil {
						return err
					}
				}
				return a.set(c, o, p, map[setting.Key]string{key: value})
			})
		},
	}
	c.Flags().StringVar(&at, "place", "", "the `PLACE` where it holds, and everywhere below")
	c.MarkFlagRequired("place")
	return c
}

// set changes settings together and says what holds now.
func (a *app) set(c *cobra.Command, o opened, at place.Place, values map[setting.Key]string) error {
	err := o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
		for key, value := range values {
			if err := setting.Set(c.Context(), tx, at.ID, key, value, operator()); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, setting.ErrUnknown):
		return usageError{fmt.Errorf("%w; signpost setting list shows them all", err)}
	case errors.Is(err, setting.ErrValue):
		return usageError{err}
	case err != nil:
		return err
	}
	settings, err := setting.Load(c.Context(), o.db.Read())
	if err != nil {
		return err
	}
	for _, s := range setting.All {
		if _, changed := values[s.Key]; changed {
			value, _ := settings.Of(o.base.Snapshot().Places, at.ID, s.Key)
			fmt.Fprintf(a.out, "%s: %s is now %s.\n", at.Name, s.Key, quoted(value))
		}
	}
	return nil
}

func (a *app) pauseCommand() *cobra.Command {
	var at, note string
	c := &cobra.Command{
		Use: "pause --place PLACE", Short: "Stop answering for a place, with a kind message; emergencies are still answered", Args: noArgs,
		Example: "  signpost pause --place 'Royal Example' --note 'Back on Monday.'",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				p, err := placeOrNation(o, at)
				if err != nil {
					return err
				}
				return a.set(c, o, p, map[setting.Key]string{setting.Pause: "on", setting.PauseNote: note})
			})
		},
	}
	c.Flags().StringVar(&at, "place", "", "the `PLACE` to pause, and everything below it")
	c.Flags().StringVar(&note, "note", "", "what people read beside the message, such as when you will be back")
	c.MarkFlagRequired("place")
	return c
}

func (a *app) resumeCommand() *cobra.Command {
	var at string
	c := &cobra.Command{
		Use: "resume --place PLACE", Short: "Answer again for a place that was paused", Args: noArgs,
		Example: "  signpost resume --place 'Royal Example'",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				p, err := placeOrNation(o, at)
				if err != nil {
					return err
				}
				return a.set(c, o, p, map[setting.Key]string{setting.Pause: "", setting.PauseNote: ""})
			})
		},
	}
	c.Flags().StringVar(&at, "place", "", "the `PLACE` that was paused")
	c.MarkFlagRequired("place")
	return c
}
