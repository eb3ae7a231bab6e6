-- replacedPlace: the place of a user that gave way to an older one; nil: none did.
-- @use replaced-field
local function replacedPlace(user)
  return tonumber(redis.call("HGET", metaKey, replacedField(user)))
end
