-- replacedField: the field of meta with the place of a user that gave way to an older one; see `restore`.
local function replacedField(user)
  return "replaced:" .. user
end
