-- admit: one admission pass: end what is over, refill the bucket, admit from the front.
-- ARGV[3] sessionMs            ms
-- ARGV[4] claimMs              ms
-- ARGV[5] admissionsPerMinute  integer
-- ARGV[6] maxActive            integer
-- ARGV[7] shoppersMax          integer, the ACTIVE people without a hold stay below it
-- ARGV[8] admitsFromMs         epoch ms; empty: nobody is admitted
-- ARGV[9] final                "1": whoever waits has ended
-- ARGV[10] peopleMax           integer, bound of lapses, and of people who are admitted or stepped over
-- ARGV[11] askPerPlaceMs       ms; somebody waiting is told to ask again within that, times his position,
-- ARGV[12] askNearMs           ms; but not sooner than this,
-- ARGV[13] askSlowestMs        ms; nor later than this
-- ARGV[14] graceMs             ms, by which he may be late
-- ARGV[15] watchMax            integer, how many at the front are watched for their presence
-- ARGV[16] silenceMs           ms without a pass after which nobody is held to what he was told
-- ARGV[17] restMs              ms for which the keys of a queue that is over live on
-- returns "passed", nowMs, admitted, steppedOver, lapsed, more (0 or 1), recovery: 0 | 1 | 2, not rebuilt
-- cost O(peopleMax · log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use lapses
-- @use pace
-- @use watch
-- @use turns
-- @use rest
local sessionMs, claimMs, perMinute = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local maxActive, shoppersMax, admitsFromMs = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local peopleMax = tonumber(ARGV[10])

judgeSilence(tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[16]))
local lapsed, steppedOver, moreIsOver = endWhatIsOver(peopleMax, ARGV[9] == "1")

local units = refilledUnits(perMinute)
local free = 0
if admitsFromMs and nowMs >= admitsFromMs and not recoversAtMs then
  local activeCount = redis.call("ZCARD", active)
  local shoppers = activeCount - countHolding()
  free = math.max(0, math.min(math.floor(units / unitsPerToken), maxActive - activeCount,
    shoppersMax - shoppers))
end

local admitted, absent, serving = admitNext(free, peopleMax, sessionMs, claimMs)
keepPace(units, admitted, serving)
watchFront()
restOrGoOn(ARGV[9] == "1", tonumber(ARGV[17]))
local left = redis.call("ZCARD", waiting) + redis.call("ZCARD", returned)
local more = moreIsOver or free > admitted and left > 0
return { "passed", nowMs, admitted, steppedOver + absent, lapsed, more and 1 or 0,
  recoversAtMs and (isPuttingBack() and 2 or 1) or 0 }
