package slack

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// A team is a workspace with what was learnt about it.
type team struct {
	Workspace
	api    *slackgo.Client
	client *http.Client

	mu      sync.Mutex        // guards what follows
	id      string            // T..., empty until Slack has told it
	bot     string            // the app's own user id
	botID   string            // B..., the app's id as a poster of messages
	directs map[string]string // person -> their direct message
	known   map[string]string // channel -> the newest message seen in it; direct messages and channels listened to
	threads map[string]bool   // channel/root -> the app posts in it
	names   *memory[string]   // person -> what Slack last called them; messages do not say
	posts   *memory[string]   // post's key -> thread it went to, so that Find looks there too
	active  *memory[bool]     // threads with recent messages, for catching up
}

func newTeam(workspace Workspace, config Config) *team {
	client := &http.Client{Timeout: callWithin, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	api := slackgo.New(workspace.BotToken, slackgo.OptionAppLevelToken(workspace.AppToken),
		slackgo.OptionAPIURL(config.API), slackgo.OptionHTTPClient(client))
	t := &team{Workspace: workspace, api: api, client: client, directs: map[string]string{}, known: map[string]string{},
		threads: map[string]bool{}, names: newMemory[string](5000), posts: newMemory[string](2000), active: newMemory[bool](200)}
	for _, channel := range workspace.Channels {
		t.known[channel] = ""
	}
	return t
}

// called is what to call the workspace in a log or a finding.
func (t *team) called() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.Name, t.id, "the workspace")
}

func (t *team) teamID() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.id
}

// own says whether a message was posted by the app itself.
func (t *team) own(user, botID string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return user != "" && user == t.bot || botID != "" && botID == t.botID
}

func (t *team) botUser() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bot
}

// learn asks Slack whose token this is, once.
func (t *team) learn(ctx context.Context) error {
	if t.teamID() != "" {
		return nil
	}
	who, err := t.api.AuthTestContext(ctx)
	if err != nil {
		return fmt.Errorf("ask Slack whose token this is: %w", err)
	}
	if !isID(who.TeamID) {
		return fmt.Errorf("ask Slack whose token this is: it names no workspace")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.id, t.bot, t.botID = who.TeamID, who.UserID, who.BotID
	return nil
}

// meet learns about a workspace, and tries again as long as Slack cannot be reached or refuses the token.
func (s *Slack) meet(ctx context.Context, t *team) {
	for wait := s.times.firstRetry; ; wait = min(2*wait, s.times.lastRetry) {
		err := t.learn(ctx)
		if err == nil {
			s.health.clear(t)
			s.knowPlaces(ctx, t)
			return
		}
		if ctx.Err() != nil {
			return
		}
		s.config.Log.Error("cannot use a workspace", "workspace", t.called(), "error", err)
		if isBadToken(err) {
			s.health.refused(t, err)
			wait = s.times.lastRetry
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// teamOf finds a workspace by its id, asking Slack about those that are still unknown.
func (s *Slack) teamOf(ctx context.Context, id string) (*team, error) {
	for _, t := range s.teams {
		if t.teamID() == id {
			return t, nil
		}
	}
	for _, t := range s.teams {
		if t.teamID() != "" {
			continue
		}
		if err := t.learn(ctx); err != nil {
			return nil, err
		}
		if t.teamID() == id {
			return t, nil
		}
	}
	return nil, errNoTeam
}

// knowPlaces learns which direct messages there are, for catching up, and with Listening which channels the app is in.
// Where the app may not ask, it knows those that it has heard from.
func (s *Slack) knowPlaces(ctx context.Context, t *team) {
	kinds := []string{"im"}
	if s.config.Listening && len(t.Channels) == 0 {
		kinds = append(kinds, "public_channel", "private_channel")
	}
	for _, kind := range kinds {
		if err := t.knowKind(ctx, kind); err != nil && ctx.Err() == nil {
			s.config.Log.Debug("cannot list conversations", "workspace", t.called(), "kind", kind, "error", err)
		}
	}
}

func (t *team) knowKind(ctx context.Context, kind string) error {
	params := slackgo.GetConversationsForUserParameters{Types: []string{kind}, Limit: 200, ExcludeArchived: true}
	for range 50 { // 10,000 conversations
		list, cursor, err := t.api.GetConversationsForUserContext(ctx, &params)
		if err != nil {
			return fmt.Errorf("list conversations: %w", err)
		}
		for _, c := range list {
			t.heard(c.ID, "")
			if c.User != "" {
				t.knowDirect(c.User, c.ID)
			}
		}
		if cursor == "" {
			return nil
		}
		params.Cursor = cursor
	}
	return nil
}

// heard notes a conversation to catch up with, and the newest message seen in it.
func (t *team) heard(channel, ts string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known[channel] = max(t.known[channel], ts)
}

// places are the conversations to catch up with, those heard from most recently first.
func (t *team) places() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []string
	for channel := range t.known {
		list = append(list, channel)
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.known[b], t.known[a]), cmp.Compare(a, b))
	})
	return list
}

// direct is a person's direct message with the app.
func (t *team) direct(ctx context.Context, person string) (string, error) {
	t.mu.Lock()
	channel := t.directs[person]
	t.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	opened, _, _, err := t.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{person}})
	if err != nil {
		return "", fmt.Errorf("open a direct message: %w", err)
	}
	if !isID(opened.ID) {
		return "", fmt.Errorf("open a direct message: Slack names none")
	}
	t.knowDirect(person, opened.ID)
	return opened.ID, nil
}

func (t *team) knowDirect(person, channel string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.directs[person] = channel
	if _, ok := t.known[channel]; !ok {
		t.known[channel] = ""
	}
}

// named keeps what Slack calls a person, or gives what it last called them.
func (t *team) named(person, name string) string {
	name = short(name, maxButton)
	if name == "" {
		name, _ = t.names.get(person)
		return name
	}
	t.names.keep(person, name)
	return name
}

// sleep waits, and says whether ctx goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
