OPENQASM 3.1;
include "stdgates.inc";
qubit[3] q;
output bit[3] c;
const int n = 3;
def coin(qubit a) -> bit { reset a; h a; return measure a; }
def turn(qubit[2] r, float t, uint[4] k) -> float { for int i in [0:k - 1] { if (i == 2) break; rx(t) r[i]; } return t / 2; }
bool odd = false;
float t = turn(q[0:1], 0.5, 3);
c[0] = coin(q[2]);
if (coin(q[1])) { odd = !odd; }
if (odd ^ c[0]) { bit b = measure q[0]; c[1] = b & odd; }
array[int[8], 2, 2] a = {{1, 2}, {3, 4}};
a[1, 0] += ~a[0][1] << 1;
let r = q[:1] ++ q[2];
ry(a[1, 0] * t) r[2];
c[2] = popcount(c[0:1]) == 1;
end;
