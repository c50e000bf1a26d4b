OPENQASM 2.0;
include "qelib1.inc";
gate turn(a, b) x, y { u3(a, b, -pi/2) x; cu1(a^2) x, y; barrier x; }
qreg q[3];
creg c[2];
creg d[1];
turn(0.3, sin(pi/4)) q[0], q[1];
ccx q[0], q[1], q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
if (c == 2) x q[2];
reset q[1];
measure q[2] -> d[0];
