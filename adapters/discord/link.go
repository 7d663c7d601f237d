package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	dg "github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// The gateway: one connection after another, by the rules of events/gateway and opcodes-and-status-codes.

// Opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// resumable is the code we close with where we mean to come back: 1000 and 1001 would end the session.
const resumable = 4000

// intents are what is asked to be told: messages in guilds and direct messages. Neither is privileged: of messages in
// guilds only those that mention the bot come with content. Interactions need no intent. GUILDS is left out: what a
// channel is, is asked when it matters.
const intents = dg.IntentsGuildMessages | dg.IntentsDirectMessages

// A shard is one place in the gateway, kept through any number of connections.
type shard struct {
	d       *Discord
	id      int
	session session
	fails   int // connections in a row that did not last
}

// A session is what a new connection goes on with; the zero session has to begin anew.
type session struct {
	id  string
	url string
	seq int64
}

// An ending says what to do after a connection.
type ending int

const (
	goOn   ending = iota // with the session, by RESUME
	anew                 // without it, by IDENTIFY
	forBad               // not at all
)

// closings are the close codes after which a session cannot be resumed; after all others it can.
var closings = map[int]struct {
	ending ending
	says   string
}{
	4004: {forBad, "the token is refused; copy a new one from the developer portal"},
	4007: {anew, "wrong sequence number"},
	4009: {anew, "the session timed out"},
	4010: {forBad, "the shard's number is wrong; check the number of shards"},
	4011: {forBad, "the bot is in too many guilds for so few shards; set a higher number"},
	4012: {forBad, "the gateway no longer speaks this version"},
	4013: {forBad, "an intent is not valid"},
	4014: {forBad, "an intent is not allowed; switch it on in the developer portal, or take it away"},
}

// run keeps the shard connected until ctx ends or Discord says that it is no use.
func (s *shard) run(ctx context.Context) error {
	s.d.state.set(s.id, false, s.d.config.Now(), errors.New("it is only now being opened"))
	for ctx.Err() == nil {
		if err := sleep(ctx, s.d.times.backoff(s.fails)); err != nil {
			return err
		}
		began := s.d.config.Now()
		how, err := s.connect(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.d.state.set(s.id, false, s.d.config.Now(), err)
		if how == forBad {
			return fmt.Errorf("discord: shard %d: %w", s.id, err)
		}
		s.d.log.Warn("discord: connection ended", "shard", s.id, "resuming", how == goOn && s.session.id != "", "error", err)
		s.afterwards(ctx, how, s.d.config.Now().Sub(began) >= s.d.times.settled)
	}
	return ctx.Err()
}

// afterwards counts what failed, and gives a session up that cannot be resumed.
func (s *shard) afterwards(ctx context.Context, how ending, lasted bool) {
	s.fails++
	if lasted {
		s.fails = 0
	}
	const mostResumes = 5 // a session lives for minutes only
	if how == anew || s.fails > 0 && s.fails%mostResumes == 0 {
		s.session = session{}
	}
	if how == anew {
		_ = sleep(ctx, s.d.times.freshFrom+rand.N(s.d.times.freshTo-s.d.times.freshFrom+1))
	}
}

// A link is one connection.
type link struct {
	*shard
	conn     *websocket.Conn
	interval time.Duration
	writing  sync.Mutex
	beatNow  chan struct{} // the gateway asked for a heartbeat
}

// connect goes through one connection, from dialling to its end.
func (s *shard) connect(ctx context.Context) (ending, error) {
	conn, err := s.dial(ctx)
	if err != nil {
		if refusedToken(err) {
			return forBad, fmt.Errorf("%s: %w", closings[4004].says, err)
		}
		return goOn, err
	}
	defer conn.Close()
	l := &link{shard: s, conn: conn, beatNow: make(chan struct{}, 1)}
	leave := context.AfterFunc(ctx, func() { l.close(websocket.CloseNormalClosure) })
	defer leave()
	var beats sync.WaitGroup
	defer beats.Wait()
	done := make(chan struct{})
	defer close(done)
	if err := l.hello(); err != nil {
		return goOn, err
	}
	beats.Go(func() { l.beat(done) })
	if err := l.begin(); err != nil {
		return goOn, err
	}
	how, err := l.listen()
	if how == goOn || how == anew {
		l.close(resumable)
	}
	return how, err
}

func (s *shard) dial(ctx context.Context) (*websocket.Conn, error) {
	address := s.session.url
	if s.session.id == "" {
		var err error
		if address, err = s.mayStart(ctx); err != nil {
			return nil, err
		}
	}
	address, err := gatewayAddress(address)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: s.d.times.hello}
	conn, answer, err := dialer.DialContext(ctx, address, nil)
	if answer != nil && answer.Body != nil {
		answer.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the gateway: %w", err)
	}
	conn.SetReadLimit(mostFrame)
	return conn, nil
}

// gatewayAddress asks for version 10 in JSON, without compression.
func gatewayAddress(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "ws") {
		return "", fmt.Errorf("%q is no address of a gateway", address)
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// hello waits for the first frame, which says how often to beat.
func (l *link) hello() error {
	_ = l.conn.SetReadDeadline(time.Now().Add(l.d.times.hello))
	f, err := l.read()
	if err != nil {
		return fmt.Errorf("wait for hello: %w", err)
	}
	var said struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(f.Data, &said); f.Op != opHello || err != nil || said.Interval < 1 {
		return fmt.Errorf("the gateway began with op %d instead of hello", f.Op)
	}
	l.interval = time.Duration(said.Interval * float64(time.Millisecond))
	l.alive()
	return nil
}

// alive gives the link another interval and a half to answer a heartbeat. Nothing else that comes proves that what we
// send arrives.
func (l *link) alive() {
	_ = l.conn.SetReadDeadline(time.Now().Add(time.Duration(deadAfter * float64(l.interval))))
}

// beat sends heartbeats, the first after a part of the interval by chance, until done. A beat that cannot be written ends
// the connection by the read that then fails.
func (l *link) beat(done <-chan struct{}) {
	timer := time.NewTimer(time.Duration(rand.Float64() * float64(l.interval)))
	defer timer.Stop()
	for {
		select {
		case <-done:
			return
		case <-timer.C:
			timer.Reset(l.interval)
		case <-l.beatNow:
		}
		if err := l.write(opHeartbeat, l.seen()); err != nil {
			l.conn.Close()
			return
		}
	}
}

// begin takes up the session, or asks for a new one.
func (l *link) begin() error {
	if s := l.current(); s.id != "" {
		return l.write(opResume, map[string]any{"token": l.d.config.Token, "session_id": s.id, "seq": s.seq})
	}
	return l.write(opIdentify, map[string]any{
		"token": l.d.config.Token, "intents": intents, "shard": []int{l.id, l.d.config.Shards},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "signpost", "device": "signpost"},
	})
}

func (l *link) write(op int, data any) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(l.d.times.write))
	if err := l.conn.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		return fmt.Errorf("send op %d: %w", op, err)
	}
	return nil
}

func (l *link) close(code int) {
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	l.conn.Close()
}

func (l *link) read() (frame, error) {
	var f frame
	_, text, err := l.conn.ReadMessage()
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read a frame: %w", err)
	}
	return f, nil
}
