-- inFlightField: the field of meta that counts the attempts in flight of a user; absent: none.
local function inFlightField(user)
  return "inFlight:" .. user
end
