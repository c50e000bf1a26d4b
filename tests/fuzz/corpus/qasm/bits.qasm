qubit[3] q;
bit[3] c;
bit[3] d = "101";
bit[2] count;
h q;
c = measure q;
d ^= c;
d = rotl(~d, 1) | (c >> 1);
count = popcount(c);
if (c & d == d) { c[0] = measure q[1]; }
switch (c ^ "010") { case 0, 3 { x q[0]; } case 5 { d[1] = !c[2]; } default { c[1] = 0; } }
if (uint[4](c) > 2 && bool(d)) { z q[2]; c[2] = measure q[2]; }
