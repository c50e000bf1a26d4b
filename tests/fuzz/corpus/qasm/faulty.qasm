OPENQASM 3;
qubit[2] q;
bit c;
while (c) { x q[0]; }
