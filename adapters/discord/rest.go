package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
)

// A rest asks Discord's HTTP API: one request after another's limits, never twice by itself.
type rest struct {
	api     string
	token   string
	client  *http.Client
	pace    *pace
	refused atomic.Bool // the token was
}

// A request is one call of the API. The route names it without ids that come and go, so that what is kept by route does
// not grow; about is the channel or guild that Discord counts by.
type request struct {
	method string
	route  string // the path, {} standing for the ids
	ids    []string
	about  string
	query  url.Values
	body   any
	file   *chat.File
	// token is an interaction's: such requests need no bot token, and Discord counts them apart.
	token string
}

func newREST(config Config) *rest {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second,
		MaxIdleConns: mostAtOnce, MaxIdleConnsPerHost: mostAtOnce, IdleConnTimeout: 90 * time.Second,
	}
	return &rest{api: config.API, token: config.Token, pace: newPace(config.Now),
		client: &http.Client{Transport: transport, Timeout: usualTimes().request}}
}

// do asks once and reads the answer into into, if that is not nil. Every error but ambiguous ones says that nothing was
// done.
func (r *rest) do(ctx context.Context, ask request, into any) error {
	if r.refused.Load() && ask.token == "" {
		return errToken
	}
	req, err := r.build(ctx, ask)
	if err != nil {
		return &unsentError{err}
	}
	if ask.token == "" {
		landed, err := r.pace.wait(ctx, ask)
		if err != nil {
			return err
		}
		defer landed()
	}
	if err := ctx.Err(); err != nil {
		return &unsentError{err}
	}
	answer, err := r.client.Do(req)
	if err != nil {
		return unsent(withoutAddress(err))
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if ask.token == "" {
		r.pace.learn(ask, answer.Header)
	}
	return r.read(ask, answer, body, into)
}

// withoutAddress leaves the address out of the client's error: an interaction's token is part of it.
func withoutAddress(err error) error {
	if asURL, ok := err.(*url.Error); ok {
		return asURL.Err
	}
	return err
}

func (r *rest) read(ask request, answer *http.Response, body []byte, into any) error {
	if answer.StatusCode/100 != 2 {
		return r.fault(ask, answer, body)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", ask.method, ask.route, err)
	}
	return nil
}

func (r *rest) fault(ask request, answer *http.Response, body []byte) error {
	var said struct {
		Code       int     `json:"code"`
		Message    string  `json:"message"`
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
	}
	_ = json.Unmarshal(body, &said) // proxies answer in HTML: then the status has to do
	fault := &apiError{Status: answer.StatusCode, Code: said.Code, Message: cut(oneLine(said.Message), 200)}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		fault.Wait = retryAfter(said.RetryAfter, answer.Header)
		fault.Global = said.Global || answer.Header.Get("X-RateLimit-Global") == "true" || answer.Header.Get("X-RateLimit-Scope") == "global"
		if ask.token == "" {
			r.pace.hold(ask, fault.Wait, fault.Global)
		}
	case answer.StatusCode == http.StatusUnauthorized && ask.token == "":
		r.refused.Store(true)
	}
	return fault
}

func (r *rest) build(ctx context.Context, ask request) (*http.Request, error) {
	path := ask.route
	for _, id := range ask.ids {
		path = strings.Replace(path, "{}", url.PathEscape(id), 1)
	}
	if len(ask.query) > 0 {
		path += "?" + ask.query.Encode()
	}
	body, kind, err := encode(ask)
	if err != nil {
		return nil, fmt.Errorf("write %s %s: %w", ask.method, ask.route, err)
	}
	req, err := http.NewRequestWithContext(ctx, ask.method, r.api+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("write %s %s: %w", ask.method, ask.route, err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	// reference.mdx: user agents are of this form, or Discord may block them.
	req.Header.Set("User-Agent", "DiscordBot (https://signpost.example, 1)")
	if ask.token == "" {
		req.Header.Set("Authorization", "Bot "+r.token)
	}
	return req, nil
}

// encode writes the body: JSON, or where a file goes with it a form of both (reference.mdx: uploading files).
func encode(ask request) (body []byte, kind string, err error) {
	if ask.body == nil {
		return nil, "", nil
	}
	text, err := json.Marshal(ask.body)
	if err != nil || ask.file == nil {
		return text, "application/json", err
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"}}
	payload, err := form.CreatePart(header)
	if err != nil {
		return nil, "", err
	}
	payload.Write(text) // into memory: cannot fail
	file, err := form.CreateFormFile("files[0]", fileName(ask.file.Name))
	if err != nil {
		return nil, "", err
	}
	file.Write(ask.file.Body)
	err = form.Close()
	return b.Bytes(), form.FormDataContentType(), err
}

// fileName is a name that no one can hide a path or a header in.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\"<>|:*?`, r) {
			return '-'
		}
		return r
	}, oneLine(name))
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	return cut(name, 100)
}
