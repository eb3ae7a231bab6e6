-- lobby: which place somebody has whose score is a draw value, below 2^52: such a score names no place.
-- In a lottery's lobby a place is numbered by how often its user has had one in this epoch; those who
-- joined later are numbered from 2^32 on. Most people have the first place of the epoch in which the
-- lobby opened: it is noted once, for all of them; everybody else's is kept apart.
local drawBand, seqSpan, lateStart = 4503599627370496, 1099511627776, 4294967296
local openedEpoch = tonumber(redis.call("HGET", meta, "lobby"))

local function firstPlaceIn(epoch)
  return drawBand + epoch * seqSpan + 1
end

-- The place of somebody who waits with this score.
local function placeAt(user, score)
  if score >= drawBand then
    return score
  end
  return tonumber(redis.call("HGET", lobby, user)) or firstPlaceIn(openedEpoch)
end

-- The place of somebody who waits; nil when he does not.
local function waitingPlace(user)
  local score = tonumber(redis.call("ZSCORE", waiting, user))
  return score and placeAt(user, score)
end

-- Whether this is a place of a lobby, had there been one.
local function isOfLobby(place)
  return openedEpoch and (place - drawBand) % seqSpan <= lateStart
end

-- Remembers that a place of the lobby has ended: its user's next one has another number.
local function rememberLobbyPlace(user, place)
  redis.call("HSET", lobby, user, string.format("%.0f", place))
end

-- Puts somebody into the lobby with a place: one that he has not had before, or one that was lost.
local function waitInLobby(user, place, drawValue)
  if not openedEpoch then
    openedEpoch = math.floor((place - drawBand) / seqSpan)
    redis.call("HSET", meta, "lobby", openedEpoch)
  end
  if place == firstPlaceIn(openedEpoch) then
    redis.call("HDEL", lobby, user)
  else
    rememberLobbyPlace(user, place)
  end
  redis.call("ZADD", waiting, drawValue, user)
end

-- The field of meta that keeps the place of somebody that gave way to his older one: see restore.
local function gaveWayOf(user)
  return "gave-way:" .. user
end

local function placeThatGaveWay(user)
  return tonumber(redis.call("HGET", meta, gaveWayOf(user)))
end

-- A place for somebody who comes to the lobby: never one that he has had.
local function nextLobbyPlace(user, epoch)
  local last = math.max(tonumber(redis.call("HGET", lobby, user)) or 0, placeThatGaveWay(user) or 0)
  return math.max(last + 1, firstPlaceIn(epoch))
end
