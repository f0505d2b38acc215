"""SQL of claims and outcomes: each is one statement, whoever else works on the same rows."""

# One statement, so that whoever is killed meanwhile holds nothing. What a dead worker held is
# written down as an attempt of its own, since it may arrive twice; and it goes behind the others,
# since one of these may have ended that worker. Whoever does not want it any more, or is gone,
# comes without an address.
CLAIM = """
WITH free AS (
    SELECT id, state, claimed_by FROM subscribers_delivery AS held
    WHERE notice_id = %(notice)s AND {its_own} AND is_open
    AND CASE state WHEN 'waiting' THEN due_at <= %(now)s ELSE lease_until <= %(now)s END
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE subscribers_delivery AS held
    SET state = 'sending', lease_until = %(until)s, claimed_by = %(holder)s,
        attempts = held.attempts + 1,
        due_at = CASE WHEN free.state = 'waiting' THEN held.due_at ELSE %(now)s END,
        log = CASE WHEN free.state = 'waiting' THEN held.log ELSE held.log || jsonb_build_object(
            'at', %(at)s::text, 'by', free.claimed_by, 'result', 'lost', 'answer', %(lost)s::text)
        END
    FROM free WHERE held.id = free.id
    RETURNING held.id, held.subscriber_id, held.attempts, held.message_id, held.channel,
        free.state AS before, free.claimed_by AS holder
)
SELECT taken.*, who.address, who.page_id, who.language, who.version, EXISTS (
    SELECT FROM subscribers_scope AS scope WHERE scope.subscriber_id = taken.subscriber_id
    AND scope.component_id IS NULL AND scope.incident_id IS NULL)
FROM taken LEFT JOIN LATERAL ({wanting}) AS who ON true
ORDER BY taken.attempts, taken.id
"""

# An endpoint is called for one thing at a time, and not while it rests: of what may go now the
# oldest first, and for ten minutes nothing goes ahead of what has to wait. Those that are slow wait
# until somebody has time for them.
CALLABLE = """
AND NOT EXISTS (
    SELECT FROM subscribers_endpoint AS called WHERE called.subscriber_id = held.subscriber_id
    AND (called.rests_until > %(now)s OR called.is_slow <> %(slow)s))
AND NOT EXISTS (
    SELECT FROM subscribers_delivery AS other
    WHERE other.subscriber_id = held.subscriber_id AND other.id <> held.id
    AND (other.state = 'sending' AND other.lease_until > %(now)s
        OR other.id < held.id AND other.state = 'waiting'
        AND (other.created_at > %(order_since)s OR other.due_at <= %(now)s)))
"""

RECORD = """
UPDATE subscribers_delivery AS tried
SET state = said.state, answer = said.answer, message_id = said.message_id, lease_until = NULL,
    sent_at = CASE said.state WHEN 'sent' THEN %(now)s END,
    due_at = coalesce(said.due_at, tried.due_at),
    log = tried.log || jsonb_build_object(
        'at', %(at)s::text, 'by', %(holder)s::text, 'result', said.result, 'answer', said.answer)
FROM json_to_recordset(%(said)s::json)
    AS said (id uuid, state text, result text, answer text, message_id text, due_at timestamptz)
-- What is out is out, whoever holds it now.
WHERE tried.id = said.id AND tried.state <> 'sent'
AND (said.state = 'sent' OR tried.state = 'sending' AND tried.claimed_by = %(holder)s)
"""

LOST = "The worker ended while it sent this; it may arrive twice, under the same id."
