package discord

import (
	"encoding/json"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// What Discord sends, as far as it is needed. Everything else in it is passed over: an unknown kind of component, a new
// field or a missing author never costs the whole event.

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

type member struct {
	User  *user    `json:"user"`
	Nick  string   `json:"nick"`
	Roles []string `json:"roles"`
}

type attachment struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
	Size     int64  `json:"size"`
	URL      string `json:"url"`
}

type message struct {
	ID          string          `json:"id"`
	ChannelID   string          `json:"channel_id"`
	GuildID     string          `json:"guild_id"`
	ChannelType *dg.ChannelType `json:"channel_type"`
	Author      *user           `json:"author"`
	Member      *member         `json:"member"`
	Content     *string         `json:"content"`
	Edited      string          `json:"edited_timestamp"`
	Type        dg.MessageType  `json:"type"`
	Flags       dg.MessageFlags `json:"flags"`
	WebhookID   string          `json:"webhook_id"`
	Mentions    []*user         `json:"mentions"`
	Attachments []attachment    `json:"attachments"`
	Reference   *struct {
		Type      int    `json:"type"` // 0 is a reply, 1 a forward
		MessageID string `json:"message_id"`
		ChannelID string `json:"channel_id"`
	} `json:"message_reference"`
	Referenced *struct {
		Author *user `json:"author"`
	} `json:"referenced_message"`
	Thread *channel `json:"thread"`
}

type channel struct {
	ID         string         `json:"id"`
	Type       dg.ChannelType `json:"type"`
	GuildID    string         `json:"guild_id"`
	ParentID   string         `json:"parent_id"`
	Recipients []user         `json:"recipients"`
}

type interaction struct {
	ID            string             `json:"id"`
	ApplicationID string             `json:"application_id"`
	Type          dg.InteractionType `json:"type"`
	Token         string             `json:"token"`
	GuildID       string             `json:"guild_id"`
	ChannelID     string             `json:"channel_id"`
	Channel       *channel           `json:"channel"`
	Member        *member            `json:"member"`
	User          *user              `json:"user"`
	Message       *message           `json:"message"`
	Data          interactionData    `json:"data"`
}

type interactionData struct {
	// Of commands and autocomplete.
	Name     string                    `json:"name"`
	Kind     dg.ApplicationCommandType `json:"type"`
	TargetID string                    `json:"target_id"`
	Options  []commandOption           `json:"options"`
	Resolved struct {
		Messages map[string]*message `json:"messages"`
	} `json:"resolved"`
	// Of components and modals.
	CustomID   string      `json:"custom_id"`
	Values     []string    `json:"values"`
	Components []submitted `json:"components"`
}

type commandOption struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   any             `json:"value"`
	Options []commandOption `json:"options"`
	Focused bool            `json:"focused"`
}

// submitted is a component of a sent modal: a row or a label around inputs, or an input.
type submitted struct {
	CustomID   string      `json:"custom_id"`
	Value      *string     `json:"value"`
	Components []submitted `json:"components"`
	Component  *submitted  `json:"component"`
}

// values collects the texts of inputs, however deep they lie.
func (s submitted) values(into map[string]string) {
	if s.CustomID != "" && s.Value != nil {
		into[s.CustomID] = *s.Value
	}
	for _, inner := range s.Components {
		inner.values(into)
	}
	if s.Component != nil {
		s.Component.values(into)
	}
}

// What is sent.

type outgoing struct {
	Content         string                     `json:"content"`
	Components      []dg.MessageComponent      `json:"components"`
	AllowedMentions *dg.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           dg.MessageFlags            `json:"flags"`
	Nonce           string                     `json:"nonce,omitempty"`
	EnforceNonce    bool                       `json:"enforce_nonce,omitempty"`
	Reference       *dg.MessageReference       `json:"message_reference,omitempty"`
	Attachments     []attached                 `json:"attachments,omitempty"`

	part int        // which of a post\'s messages it is
	file *chat.File // goes beside it
}

type attached struct {
	ID       int    `json:"id"`
	Filename string `json:"filename"`
}

type response struct {
	Type dg.InteractionResponseType `json:"type"`
	Data any                        `json:"data,omitempty"`
}

type modal struct {
	CustomID   string                `json:"custom_id"`
	Title      string                `json:"title"`
	Components []dg.MessageComponent `json:"components"`
}

type suggestions struct {
	Choices []suggestion `json:"choices"`
}

type suggestion struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
