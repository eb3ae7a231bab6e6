-- readQueue: what one step knows of the queue as a whole. Reads the clock once and changes nothing.
-- Every step but `attach` takes the keys of the queue, in the order of keys.ts, and two arguments first:
-- epoch    ARGV[1], integer, the epoch that the caller is attached to
-- givenMs  ARGV[2], epoch ms, given by tests; empty: the clock of Redis
-- returns nil when the queue lives in another epoch (the reply is then "stale-epoch"), else a table:
--   epoch              integer
--   nowMs              epoch ms
--   lobbyEpoch         epoch in which the lobby of a lottery opened; nil: the queue had no lobby
--   recoveryUntilMs    as updateRecovery keeps it; nil: the queue does not recover
--   isRebuilt          whether the last records of the database have been applied
--   claimGraceUntilMs  epoch ms; before it no user loses a slot that was not claimed; 0: no grace
--   holdGraceUntilMs   epoch ms; before it no claimed slot ends, because Redis may not know its hold; 0: no grace
--   presence           see presenceTerms
--   waitingListAtMs    epoch ms, when the waiting list began; nil: it has not
--   idleMs             ms after which an ACTIVE slot that is not used ends; 0: never
-- @use presence-terms
local function readQueue(epoch, givenMs)
  if redis.call("GET", epochKey) ~= epoch then
    return nil
  end
  local nowMs = tonumber(givenMs)
  if not nowMs then
    local time = redis.call("TIME")
    nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  local meta = redis.call("HMGET", metaKey, "lobbyEpoch", "recoveryUntil", "rebuilt",
    "claimGraceUntil", "holdGraceUntil", "presenceTerms", "idleMs", "waitingListAt")
  return {
    epoch = tonumber(epoch), nowMs = nowMs, lobbyEpoch = tonumber(meta[1]),
    recoveryUntilMs = tonumber(meta[2]), isRebuilt = meta[3] ~= false,
    claimGraceUntilMs = tonumber(meta[4]) or 0, holdGraceUntilMs = tonumber(meta[5]) or 0,
    presence = presenceTerms(meta[6]), idleMs = tonumber(meta[7]) or 0,
    waitingListAtMs = tonumber(meta[8]),
  }
end
