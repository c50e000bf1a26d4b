OPENQASM 3.0;
bit[2] b;
qubit[2] q;
#pragma braket verbatim
box{
prx(0.5, 0.25) q[0];
}
ms(0.1, 0.2, 0.3) q[0], q[1];
mcphase(0.7) q[0], q[1];
delay[10ns] q[0];
measure $3;
b[0] = measure q[0];
