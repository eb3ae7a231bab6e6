-- clearPresence: forgets by when users must ask again; trackFront begins at the front anew.
local function clearPresence()
  redis.call("UNLINK", presenceKey)
  redis.call("HDEL", metaKey, "trackedThroughScore")
end
