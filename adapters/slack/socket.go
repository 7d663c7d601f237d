package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A socket is one connection of Socket Mode. It is read by one goroutine; acknowledgements are written by many, always
// on the socket that asked for them.
type socket struct {
	conn    *websocket.Conn
	times   times
	writing sync.Mutex
	lasts   time.Duration // how long Slack means to keep it, 0 where it did not say
	// replace is closed when a successor is wanted, succeeded when it is there, ended when this socket is gone.
	replace, succeeded, ended chan struct{}
	once                      sync.Once

	mu    sync.Mutex
	heard time.Time // the last sign of life
}

// An envelope is one frame from Slack.
type envelope struct {
	Type       string          `json:"type"`
	ID         string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
	Reason     string          `json:"reason"` // of disconnect: warning, refresh_requested, too_many_websockets, link_disabled
	Attempt    int             `json:"retry_attempt"`
	Connection struct {
		Seconds int `json:"approximate_connection_time"`
	} `json:"connection_info"`
}

// dial opens a socket and waits for Slack's hello.
func (s *Slack) dial(ctx context.Context, t *team) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*callWithin)
	defer cancel()
	_, address, err := t.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask Slack for a socket: %w", err)
	}
	if !strings.HasPrefix(address, "wss://") && !strings.HasPrefix(s.config.API, "http://") {
		return nil, errors.New("ask Slack for a socket: its address is not a safe one")
	}
	// A frame is written whole: Slack does not put together those that come in pieces (slack-go, socketmode.go).
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callWithin, WriteBufferSize: 32 << 10}
	conn, _, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	k := &socket{conn: conn, times: s.times, replace: make(chan struct{}), succeeded: make(chan struct{}), ended: make(chan struct{}), heard: time.Now()}
	conn.SetReadLimit(maxRequest)
	conn.SetPongHandler(func(string) error { return k.alive() })
	answerPing := conn.PingHandler()
	conn.SetPingHandler(func(data string) error { return errors.Join(k.alive(), answerPing(data)) })
	if err := k.greet(); err != nil {
		conn.Close()
		return nil, err
	}
	return k, nil
}

// greet waits for the hello, before which a socket gets nothing.
func (k *socket) greet() error {
	if err := k.conn.SetReadDeadline(time.Now().Add(callWithin)); err != nil {
		return fmt.Errorf("wait for Slack's hello: %w", err)
	}
	var hello envelope
	if err := k.conn.ReadJSON(&hello); err != nil {
		return fmt.Errorf("wait for Slack's hello: %w", err)
	}
	if hello.Type != "hello" {
		return fmt.Errorf("wait for Slack's hello: it says %q", hello.Type)
	}
	k.lasts = time.Duration(hello.Connection.Seconds) * time.Second
	return k.alive()
}

// alive notes a sign of life. Without another in time the next read fails, and the socket counts as dead.
func (k *socket) alive() error {
	k.mu.Lock()
	k.heard = time.Now()
	k.mu.Unlock()
	return k.conn.SetReadDeadline(time.Now().Add(k.times.dead))
}

func (k *socket) lastHeard() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.heard
}

// read takes frames until the socket ends. A frame that cannot be read is passed over: the socket may still be good.
func (k *socket) read(take func(envelope)) error {
	for {
		kind, frame, err := k.conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read a socket: %w", err)
		}
		if err := k.alive(); err != nil {
			return fmt.Errorf("read a socket: %w", err)
		}
		var e envelope
		if kind != websocket.TextMessage || json.Unmarshal(frame, &e) != nil {
			continue
		}
		take(e)
	}
}

// ping asks for signs of life until the socket ends. Slack's own pings come as it pleases; ours make a silent peer known.
func (k *socket) ping() {
	ticker := time.NewTicker(k.times.ping)
	defer ticker.Stop()
	for {
		select {
		case <-k.ended:
			return
		case <-ticker.C:
			if err := k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(k.times.ping)); err != nil {
				k.conn.Close() // the reader sees it
				return
			}
		}
	}
}

var errAnswerTooLong = errors.New("slack: an answer too long for a socket")

// ack acknowledges an envelope. An answer that Slack would drop for its length is left out, and the caller learns of it.
func (k *socket) ack(id string, answer any) error {
	type acknowledgement struct {
		ID     string `json:"envelope_id"`
		Answer any    `json:"payload,omitempty"`
	}
	frame, err := json.Marshal(acknowledgement{id, answer})
	var long error
	if err == nil && len(frame) > maxAnswer {
		long = errAnswerTooLong
		frame, err = json.Marshal(acknowledgement{ID: id})
	}
	if err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(callWithin / 2)); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	if err := k.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
		k.conn.Close() // what cannot be acknowledged must not be taken; the reader sees it
		return fmt.Errorf("acknowledge: %w", err)
	}
	return long
}

// leave asks for a successor, once.
func (k *socket) leave() { k.once.Do(func() { close(k.replace) }) }
