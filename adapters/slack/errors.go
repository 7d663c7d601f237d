package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// What Slack's error codes mean for a message, https://docs.slack.dev/reference/methods/chat.postMessage#errors. Codes
// that are in no list are passing: the message certainly did not arrive, and may be tried later.

// refusing are codes after which the same message will never be taken in the same place.
var refusing = setOf("channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "msg_blocks_too_long", "invalid_blocks",
	"invalid_blocks_format", "no_text", "cannot_dm_bot", "cant_dm_bot", "cannot_dm_user", "user_disabled", "user_not_found",
	"users_not_found", "user_not_visible", "not_in_dm", "messages_tab_disabled", "restricted_action",
	"restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel",
	"restricted_action_thread_locked", "cannot_reply_to_message", "thread_not_found", "message_not_found", "cant_update_message",
	"edit_window_closed", "is_inactive", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
	"team_access_not_granted", "ekm_access_denied", "block_mismatch", "invalid_arguments", "invalid_users", "cannot_find_channel",
	"duplicate_channel_not_found", "duplicate_message_not_found", "slack_connect_file_link_sharing_blocked", "as_user_not_supported")

// badTokens are codes that say that the token is no good: people must be told, the message may go once it is.
var badTokens = setOf("invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "org_login_required", "app_uninstalled")

// unsure are codes after which part of it may have happened, as Slack's page says of fatal_error.
var unsure = setOf("fatal_error", "internal_error")

func setOf(codes ...string) map[string]bool {
	set := map[string]bool{}
	for _, code := range codes {
		set[code] = true
	}
	return set
}

// codeOf is Slack's code of an error, or "".
func codeOf(err error) string {
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

func isBadToken(err error) bool { return badTokens[codeOf(err)] }

// whereNotSaid is how long to wait when Slack asks for patience without saying how long.
const whereNotSaid = 30 * time.Second

// sendError sorts an error of sending: a SendError where nothing arrived, and anything else where nobody can tell.
func (s *Slack) sendError(t *team, doing string, err error) error {
	if isBadToken(err) {
		s.health.refused(t, err)
	}
	var limited *slackgo.RateLimitedError
	var status slackgo.StatusCodeError
	code := codeOf(err)
	switch {
	case errors.As(err, &limited):
		return &chat.SendError{Wait: max(limited.RetryAfter, time.Second), Err: err}
	case code == "ratelimited" || code == "rate_limited" || code == "message_limit_exceeded":
		return &chat.SendError{Wait: whereNotSaid, Err: err}
	case refusing[code]:
		return &chat.SendError{Refused: true, Gone: code == "message_not_found", Err: err}
	case code != "" && !unsure[code]:
		return &chat.SendError{Err: err}
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return &chat.SendError{Wait: whereNotSaid, Err: err}
	case errors.As(err, &status) && status.Code < 500, neverLeft(err):
		return &chat.SendError{Err: err}
	}
	return fmt.Errorf("slack: %s: nobody can tell whether it arrived: %w", doing, err)
}

// beforeSend sorts an error of something that was done before a message was posted: nothing arrived, whatever it was.
func (s *Slack) beforeSend(t *team, err error) error {
	sorted := s.sendError(t, "prepare", err)
	var known *chat.SendError
	if errors.As(sorted, &known) {
		return known
	}
	return &chat.SendError{Err: err}
}

// neverLeft says whether a request failed before any of it was sent: no such host, or nobody there.
func neverLeft(err error) bool {
	var name *net.DNSError
	var op *net.OpError
	return errors.As(err, &name) || errors.As(err, &op) && op.Op == "dial" || errors.Is(err, syscall.ECONNREFUSED)
}

// cannotLook says whether an error means that the app may not read there.
func cannotLook(err error) bool {
	switch codeOf(err) {
	case "missing_scope", "not_in_channel", "channel_not_found", "no_permission", "not_allowed_token_type", "method_not_supported_for_channel_type":
		return true
	}
	return false
}

// patience is how long an error asks to wait, and whether it does.
func patience(err error) (time.Duration, bool) {
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second), true
	}
	return 0, false
}

// ended says whether an error is only the end of ctx.
func ended(ctx context.Context, err error) bool { return ctx.Err() != nil && err != nil }
