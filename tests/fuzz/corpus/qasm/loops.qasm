OPENQASM 3.1;
qubit[3] q; bit[3] c;
int[8] n = 0;
for int i in [0:1] { cx q[i], q[i + 1]; n += i; }
while (n > 0) { h q[n]; n -= 1; }
c = measure q;
switch (c) { case 0, 5 { x q[0]; } default { for uint k in {2, 1} ry(k / 1.5) q[k]; } }
