import assert from "node:assert/strict";
import { test } from "node:test";
import { countedAddress, proxyCheck } from "./client-address.ts";

const sameClient: readonly (readonly [name: string, spellings: readonly string[]])[] = [
  [
    "192.0.2.7",
    [
      "192.0.2.7",
      " 192.0.2.7 ",
      "192.0.2.7:51234",
      "[192.0.2.7]:1",
      "::ffff:192.0.2.7",
      "::FFFF:c000:0207",
      "[::ffff:192.0.2.7]:443",
      "0:0:0:0:0:ffff:192.0.2.7",
    ],
  ],
  [
    "2001:db8:0:1::/64",
    [
      "2001:db8:0:1::5",
      "2001:DB8:0:1:0:0:0:5",
      "2001:0db8:0000:0001::0005",
      "[2001:db8:0:1::5]:443",
      "[2001:db8:0:1::5]",
      "2001:db8:0:1::5%eth0",
      "2001:db8:0:1:ffff:ffff:ffff:ffff",
      "2001:db8:0:1::192.0.2.7",
    ],
  ],
  ["0:0:0:0::/64", ["::1", "::"]],
];
for (const [name, spellings] of sameClient) {
  test(`every spelling of ${name} counts as one client`, () => {
    for (const spelling of spellings) assert.equal(countedAddress(spelling), name, spelling);
  });
}

test("another IPv4 address and another /64 network are other clients", () => {
  assert.notEqual(countedAddress("192.0.2.7"), countedAddress("192.0.2.8"));
  assert.notEqual(countedAddress("2001:db8:0:1::5"), countedAddress("2001:db8:0:2::5"));
});

test("a text that is no address has no name", () => {
  for (const text of ["", "unknown", "_hidden", "1.2.3", "host:80", "::g", "1.2.3.4:x"])
    assert.equal(countedAddress(text), null, text);
});

test("a proxy is known in every spelling, with a port too", () => {
  const isProxy = proxyCheck(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
  for (const one of ["10.1.2.3", "10.1.2.3:443", "::ffff:10.1.2.3", "192.0.2.1", "2001:db8::9"])
    assert.equal(isProxy(one), true, one);
  for (const one of ["11.0.0.1", "192.0.2.2", "2001:db9::1", "unknown"])
    assert.equal(isProxy(one), false, one);
});
