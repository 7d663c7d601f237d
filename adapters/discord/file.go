package discord

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"signpost/bot/chat"
)

// sentFile is the event of one attachment, with its content if it is not too long and Discord gives it.
func (d *Discord) sentFile(ctx context.Context, event chat.Event, a attachment) chat.Event {
	event.Kind, event.Key, event.Text = chat.SentFile, event.Key+"/f"+a.ID, ""
	event.File = &chat.File{Ref: chat.Ref(network + ":F" + a.ID), Name: oneLine(a.Filename), Size: a.Size}
	if a.Size > chat.LongestFile {
		return event
	}
	body, err := d.fetch(ctx, a.URL)
	if err != nil {
		d.log.Error("discord: an attachment did not arrive", "error", err)
	}
	event.File.Body = body
	return event
}

// fetch reads an attachment from where Discord keeps them, and from nowhere else.
func (d *Discord) fetch(ctx context.Context, address string) ([]byte, error) {
	if !d.keepsFiles(address) {
		return nil, fmt.Errorf("an attachment is not at Discord")
	}
	ctx, cancel := context.WithTimeout(ctx, d.times.request)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch an attachment: %w", err)
	}
	answer, err := d.rest.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch an attachment: %w", withoutAddress(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch an attachment: status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, chat.LongestFile+1))
	if err != nil || len(body) > chat.LongestFile {
		return nil, fmt.Errorf("fetch an attachment: it is cut short or too long: %w", err)
	}
	return body, nil
}

// keepsFiles says whether an address is Discord's store of attachments, or at the test server.
func (d *Discord) keepsFiles(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if api, err := url.Parse(d.config.API); err == nil && u.Host == api.Host {
		return true
	}
	return u.Scheme == "https" && (host == "cdn.discordapp.com" || host == "media.discordapp.net" || strings.HasSuffix(host, ".discordapp.com"))
}
