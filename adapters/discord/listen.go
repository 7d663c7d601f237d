package discord

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gorilla/websocket"
)

// listen takes frames until the connection ends, and says how to go on. No lock is held while it waits, and nothing it
// calls waits for a handler.
func (l *link) listen() (ending, error) {
	for {
		f, err := l.read()
		if err != nil {
			return afterError(err)
		}
		switch f.Op {
		case opDispatch:
			if err := l.dispatch(f); err != nil {
				return goOn, err
			}
		case opHeartbeat:
			select {
			case l.beatNow <- struct{}{}:
			default:
			}
		case opAck:
			l.alive()
		case opReconnect:
			return goOn, errors.New("the gateway asked to reconnect")
		case opInvalidSession:
			if string(f.Data) == "true" {
				return goOn, errors.New("the session is invalid for now")
			}
			return anew, errors.New("the session is invalid")
		}
	}
}

// afterError reads the close code, if there is one. A connection that just broke off, or was silent for too long, goes on.
func afterError(err error) (ending, error) {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return goOn, fmt.Errorf("the connection broke: %w", err)
	}
	if how, ok := closings[closed.Code]; ok {
		return how.ending, fmt.Errorf("%s (close code %d)", how.says, closed.Code)
	}
	return goOn, fmt.Errorf("the gateway closed the connection: %w", err)
}

// current is the session as it stands; seen is the last thing taken in it, or nil, as a heartbeat says it.
func (l *link) current() session {
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.session
}

func (l *link) seen() any {
	if s := l.current(); s.seq > 0 {
		return s.seq
	}
	return nil
}

func (l *link) keep(change func(*session)) {
	l.writing.Lock()
	defer l.writing.Unlock()
	change(&l.session)
}

// dispatch takes one event. The sequence number moves only after it is in our hands, so that a resume never skips one.
func (l *link) dispatch(f frame) error {
	switch f.Type {
	case "READY":
		if err := l.ready(f.Data); err != nil {
			return err
		}
	case "RESUMED":
		l.d.state.set(l.id, true, l.d.config.Now(), nil)
	case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE":
		l.d.take(f.Type, f.Data)
	}
	if f.Seq > 0 {
		l.keep(func(s *session) { s.seq = f.Seq })
	}
	return nil
}

func (l *link) ready(data json.RawMessage) error {
	var said struct {
		Session string `json:"session_id"`
		URL     string `json:"resume_gateway_url"`
		User    *user  `json:"user"`
	}
	if err := json.Unmarshal(data, &said); err != nil || said.Session == "" {
		return errors.New("the gateway's READY names no session")
	}
	resumeAt := said.URL
	if resumeAt == "" {
		resumeAt = l.d.config.Gateway
	}
	l.keep(func(s *session) { *s = session{id: said.Session, url: resumeAt} })
	l.d.state.set(l.id, true, l.d.config.Now(), nil)
	if len(l.d.lively.keys()) > 0 {
		return l.d.lanes.add("catch up", func() { l.d.catchUp(l.d.work) })
	}
	return nil
}
