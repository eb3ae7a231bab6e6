-- admit: one admission pass: ends what is over, refills the rate limiter, admits users from the front.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] sessionMs            ms
-- ARGV[4] claimMs              ms
-- ARGV[5] admissionsPerMinute  integer
-- ARGV[6] maxActive            integer
-- ARGV[7] shoppersMax          integer; users are admitted up to so many ACTIVE users without a hold
-- ARGV[8] admitsFromMs         epoch ms; empty: no user is admitted
-- ARGV[9] final                why all waiting places end; empty: they go on
-- ARGV[10] peopleMax           integer; the most leases that expire, and the most users admitted or skipped
-- ARGV[11] pollPerPlaceMs      ms; a waiting user is told to ask again within this, times the position,
-- ARGV[12] pollNearMs          ms; but not sooner than this,
-- ARGV[13] pollSlowestMs       ms; nor later than this
-- ARGV[14] graceMs             ms by which a user may be late
-- ARGV[15] trackedMax          integer; presence is kept for so many users at the front
-- ARGV[16] passGapMs           ms without a pass after which no user counts as late
-- ARGV[17] retentionMs         ms for which the keys of a queue that is over stay
-- ARGV[18] idleMs              ms after which an ACTIVE slot that is not used ends; 0: never
-- ARGV[19] seatsFree           integer; with a waiting list, users are admitted up to so many ACTIVE users without a
--   hold; empty: the queue has none
-- ARGV[20] isSoldOut           "1": no seat is free and none is held, so the waiting list begins
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "passed", nowMs, admitted, skipped, lapsed, more (0 or 1), recovery, see countOccupied
--   recovery: 0 none | 1 rebuilt | 2 awaits its rebuild
-- atomic because the limits hold only if no other pass admits between counting and admitting
-- cost O(peopleMax · log n)
-- @use admit-from
-- @use count-holding
-- @use count-occupied
-- @use count-time
-- @use end-waiting
-- @use expire-leases
-- @use forgive-pass-gap
-- @use free-slots
-- @use open-queue
-- @use presence-terms
-- @use rate-limiter-units
-- @use save-pass
-- @use sell-out
-- @use track-front
-- @use update-expiry
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local isFinal, peopleMax = ARGV[9] ~= "", tonumber(ARGV[10])
local sessionMs, claimMs, seatsFree = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[19])
local presence = presenceTerms(table.concat(ARGV, " ", 11, 16))

forgivePassGap(queue, presence)
local expired = expireLeases(queue, peopleMax)
local moreIsOver = isFinal and endWaiting(queue, ARGV[9], peopleMax) or expired.isFull
if ARGV[20] == "1" and not queue.recoveryEndMs then
  moreIsOver = sellOut(queue, claimMs, peopleMax) or moreIsOver
end

local units, elapsedMs = rateLimiterUnits(queue.nowMs, tonumber(ARGV[5]))
local activeCount, holding = redis.call("ZCARD", activeKey), countHolding(queue.nowMs)
countTime(math.min(elapsedMs, presence.passGapMs), { active = activeCount, holding = holding,
  waiting = redis.call("ZCARD", waitingKey) + redis.call("ZCARD", returnedKey) })
local free = freeSlots(queue, { active = activeCount, holding = holding }, {
  units = units, maxActive = tonumber(ARGV[6]), shoppersMax = tonumber(ARGV[7]),
  admitsFromMs = tonumber(ARGV[8]), seatsFree = seatsFree })

local isWaitingList = seatsFree and queue.waitingListAtMs
local terms = { admitMax = math.min(free, peopleMax), peopleMax = peopleMax,
  sessionMs = isWaitingList and math.min(sessionMs, claimMs) or sessionMs, claimMs = claimMs }
local done = { admitted = 0, skipped = 0,
  serving = tonumber(redis.call("HGET", metaKey, "nowServing") or 0) }
admitFrom(queue, returnedKey, terms, done)
admitFrom(queue, waitingKey, terms, done)
savePass(queue.nowMs, units, done, ARGV[18])
trackFront(queue, presence, peopleMax)
updateExpiry(queue.nowMs, KEYS, isFinal, tonumber(ARGV[17]))

local left = redis.call("ZCARD", waitingKey) + redis.call("ZCARD", returnedKey)
local more = moreIsOver or free > done.admitted and left > 0
return { "passed", queue.nowMs, done.admitted, expired.skipped + done.skipped, expired.lapsed,
  more and 1 or 0, queue.recoveryEndMs and (queue.awaitsRebuild and 2 or 1) or 0, countOccupied() }
