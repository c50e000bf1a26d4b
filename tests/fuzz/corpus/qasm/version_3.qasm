OPENQASM 3;
include "stdgates.inc";
const float angle = 2 * arccos(0.5) - 1e-3;
const int many = 3;
gate pair(t) a, b { ctrl @ rx(t) a, b; gphase(t / 2); inv @ s a; }
qubit[many] q;
qubit extra;
bit[2] c;
bit d = measure extra;
let both = q[0:1] ++ q[{2}];
pair(angle) both[0], both[-1];
negctrl(2) @ pow(1/2) @ x q[0], q[1], q[2];
U(pi, 0, tau) extra;
c[0] = measure q[0];
c[1] = measure q[1];
if (c[0] && !(c == 3) || d) { x q[2]; barrier q; } else { reset q[2]; }
/* a
   remark */
d = measure q[2]; // and another
