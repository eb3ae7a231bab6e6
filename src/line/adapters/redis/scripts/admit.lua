-- admit: one admission pass: end what is over, refill the bucket, admit from the front.
-- ARGV[3] sessionMs            ms
-- ARGV[4] claimMs              ms
-- ARGV[5] admissionsPerMinute  integer
-- ARGV[6] maxActive            integer
-- ARGV[7] shoppersMax          integer, the ACTIVE people without a hold stay below it
-- ARGV[8] admitsFromMs         epoch ms; empty: nobody is admitted
-- ARGV[9] final                "1": whoever waits has ended
-- ARGV[10] peopleMax           integer, bound of lapses and of admissions
-- returns "passed", nowMs, admitted, steppedOver, lapsed, more (0 or 1)
-- cost O(peopleMax · log n)
-- @use line
-- @use lobby
-- @use slot
-- @use lapses
-- @use pace
local sessionMs, claimMs, perMinute = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local maxActive, shoppersMax, admitsFromMs = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local peopleMax = tonumber(ARGV[10])

local lapsed, steppedOver, moreIsOver = endWhatIsOver(peopleMax, ARGV[9] == "1")

local units = refilledUnits(perMinute)
local free = 0
if admitsFromMs and nowMs >= admitsFromMs then
  local activeCount = redis.call("ZCARD", active)
  local shoppers = activeCount - countHolding()
  free = math.max(0, math.min(math.floor(units / unitsPerToken), maxActive - activeCount,
    shoppersMax - shoppers))
end

local admitted, serving = 0, tonumber(redis.call("HGET", meta, "serving") or 0)
local function admit(user, slot)
  slot.state, slot.session, slot.hold, slot.reservation = "A", nowMs + sessionMs, 0, ""
  slot.claimBy = math.min(nowMs + claimMs, slot.session)
  keepActive(user, slot, slot.claimBy)
  note("ADMITTED", user, slot.place, slot.session)
  serving, admitted = math.max(serving, slot.place), admitted + 1
end

local wanted = math.min(free, peopleMax)
local back = wanted > 0 and redis.call("ZPOPMIN", returned, wanted) or {}
for i = 1, #back, 2 do
  local slot = readSlot(back[i])
  slot.told = math.min(slot.told, (i + 1) / 2)
  admit(back[i], slot)
end
local front = wanted > admitted and redis.call("ZPOPMIN", waiting, wanted - admitted) or {}
for i = 1, #front, 2 do
  -- Whatever he was told last was no smaller than this: positions only fall.
  admit(front[i], { place = placeAt(front[i], tonumber(front[i + 1])), told = (i + 1) / 2, chances = 0 })
end

keepPace(units, admitted, serving)
local left = redis.call("ZCARD", waiting) + redis.call("ZCARD", returned)
local more = moreIsOver or free > admitted and left > 0
return { "passed", nowMs, admitted, steppedOver, lapsed, more and 1 or 0 }
