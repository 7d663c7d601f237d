package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// These are the parts of Slack's payloads that the adapter reads. They are its own, not the library's, so that an odd
// field somewhere never loses a whole event: what is missing is empty.

// A callback is an event of the Events API with what is around it.
type callback struct {
	Type           string          `json:"type"` // event_callback, url_verification, app_rate_limited
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	EventID        string          `json:"event_id"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

// team is the workspace that the app is installed in, which in a shared channel need not be the author's.
func (c callback) team() string {
	if len(c.Authorizations) > 0 && c.Authorizations[0].TeamID != "" {
		return c.Authorizations[0].TeamID
	}
	return c.TeamID
}

// A happening is any event of the Events API: a message, a mention, an opened home.
type happening struct {
	message
	Channel     string   `json:"channel"`
	ChannelType string   `json:"channel_type"`
	EventTS     string   `json:"event_ts"`
	Message     *message `json:"message"`          // as it is now, of message_changed
	Previous    *message `json:"previous_message"` // as it was, of message_changed and message_deleted
	DeletedTS   string   `json:"deleted_ts"`
	Tab         string   `json:"tab"` // of app_home_opened
}

// A message is one message, as an event or as a part of one, or from the history.
type message struct {
	Type         string `json:"type"`
	SubType      string `json:"subtype"`
	User         string `json:"user"`
	BotID        string `json:"bot_id"`
	Text         string `json:"text"`
	TS           string `json:"ts"`
	ThreadTS     string `json:"thread_ts"`
	ParentUserID string `json:"parent_user_id"`
	Files        []file `json:"files"`
	Edited       *struct {
		User string `json:"user"`
		TS   string `json:"ts"`
	} `json:"edited"`
	Profile *struct {
		DisplayName string `json:"display_name"`
		RealName    string `json:"real_name"`
	} `json:"user_profile"`
}

// A file is one that somebody sent.
type file struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	Download string `json:"url_private_download"`
	Private  string `json:"url_private"`
}

// name is what the message itself says its author is called.
func (m message) name() string {
	if m.Profile == nil {
		return ""
	}
	if m.Profile.DisplayName != "" {
		return m.Profile.DisplayName
	}
	return m.Profile.RealName
}

// An interaction is a press, a form, a shortcut or a type-ahead.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	ActionTS    string `json:"action_ts"`
	Team        struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		TeamID   string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Message   *message `json:"message"`
	MessageTS string   `json:"message_ts"`
	Container struct {
		Type        string `json:"type"` // message, view
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions  []action `json:"actions"`
	View     *view    `json:"view"`
	ActionID string   `json:"action_id"` // of block_suggestion, with the two below
	BlockID  string   `json:"block_id"`
	Value    string   `json:"value"`
}

// An action is what was pressed or picked, or what stands in a field.
type action struct {
	Type     string `json:"type"`
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
	Selected *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	ActionTS string `json:"action_ts"`
}

// id is the value of what was pressed or picked.
func (a action) id() string {
	if a.Selected != nil {
		return a.Selected.Value
	}
	return a.Value
}

// A view is a form, or a home page.
type view struct {
	ID         string  `json:"id"`
	Type       string  `json:"type"` // modal, home
	CallbackID string  `json:"callback_id"`
	Metadata   string  `json:"private_metadata"`
	Hash       string  `json:"hash"`
	Blocks     []block `json:"blocks"`
	State      struct {
		Values map[string]map[string]action `json:"values"`
	} `json:"state"`
}

type block struct {
	Type    string `json:"type"`
	BlockID string `json:"block_id"`
}

// A slash is a slash command.
type slash struct {
	TeamID      string `json:"team_id"`
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	Command     string `json:"command"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
}

// timeOf is the time that a time stamp such as "1700000000.000100" names; otherwise it is now.
func timeOf(ts string, now time.Time) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || s <= 0 {
		return now
	}
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || us < 0 || us > 999_999 {
		us = 0
	}
	return time.Unix(s, us*1000)
}
