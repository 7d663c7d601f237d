package discord

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"signpost/bot/chat"
)

// Discord's own codes (topics/opcodes-and-status-codes) that something is done about.
const (
	unknownChannel     = 10003
	unknownMessage     = 10008
	unknownWebhook     = 10015
	unknownInteraction = 10062
	dmsTooFast         = 40003
	alreadyAnswered    = 40060
	missingAccess      = 50001
	cannotWriteTo      = 50007
	missingPermissions = 50013
	wrongChannelKind   = 50024
	badWebhookToken    = 50027
	noReplyHere        = 160002
	threadExists       = 160004
)

// An apiError is what Discord answered instead of doing it.
type apiError struct {
	Status  int           // of HTTP
	Code    int           // of Discord
	Message string        // in its own words, which quote nothing that people typed
	Wait    time.Duration // with 429
	Global  bool          // with 429: it goes for every request
	unsent  bool          // held back here, so that nothing left
}

func (e *apiError) Error() string {
	if e.Wait > 0 {
		return fmt.Sprintf("%d %s: wait %v", e.Status, e.Message, e.Wait)
	}
	return fmt.Sprintf("%d %s (code %d)", e.Status, e.Message, e.Code)
}

// An unsentError is a fault before anything left.
type unsentError struct{ error }

func (e *unsentError) Unwrap() error { return e.error }

// errToken stops requests once Discord refused the token: it counts them, and shuts out an address that goes on
// (topics/rate-limits: invalid requests).
var errToken = &apiError{Status: http.StatusUnauthorized, Message: "the token was refused before", unsent: true}

func refusedToken(err error) bool {
	var api *apiError
	return errors.As(err, &api) && api.Status == http.StatusUnauthorized
}

func hasCode(err error, codes ...int) bool {
	var api *apiError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.Code == code {
			return true
		}
	}
	return false
}

// ambiguous says that nobody can tell whether Discord did what it was asked.
func ambiguous(err error) bool {
	var api *apiError
	var unsent *unsentError
	switch {
	case err == nil, errors.As(err, &unsent):
		return false
	case errors.As(err, &api):
		return api.Status >= 500 || api.Status == http.StatusRequestTimeout
	}
	return true
}

// unsent wraps faults of the way there: nobody was reached, so nothing arrived.
func unsent(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	if errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns) {
		return &unsentError{err}
	}
	return err
}

// sendError says in the words of the contract what a failed Send or Edit means. What is ambiguous stays as it is.
func sendError(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("discord: %s: %w", doing, err)
	var api *apiError
	switch {
	case ambiguous(err):
		return err
	case !errors.As(err, &api):
		return &chat.SendError{Err: err}
	case api.Status == http.StatusUnauthorized:
		return &chat.SendError{Err: err, Network: true, Wait: time.Minute}
	case api.Status == http.StatusTooManyRequests:
		return &chat.SendError{Err: err, Network: api.Global, Wait: api.Wait}
	case api.Code == dmsTooFast:
		return &chat.SendError{Err: err, Wait: 10 * time.Minute}
	}
	// Whatever else Discord says with 4xx, it will say again: no access, no such channel, closed to messages, not a form
	// it takes.
	return &chat.SendError{Err: err, Refused: true, Gone: api.Code == unknownMessage}
}

// refusal is a refusal of our own.
func refusal(format string, args ...any) error {
	return &chat.SendError{Refused: true, Err: fmt.Errorf("discord: "+format, args...)}
}

// notReached is for what ended before anything was asked.
func notReached(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &chat.SendError{Err: fmt.Errorf("discord: not sent: %w", err)}
	}
	return nil
}
