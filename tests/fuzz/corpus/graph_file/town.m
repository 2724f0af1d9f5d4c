function mpc = town
% A made-up town in the form of a MATPOWER case: six buses, powers in MW.
mpc.version = '2';
mpc.baseMVA = 10;

% number type Pd Qd Gs Bs area Vm Va kV zone Vmax Vmin
mpc.bus = [
  10 3 0     0 0 0 1 1 0 20 1 1.1 0.9;
  20 1 1.25  0 0 0 1 1 0 20 1 1.1 0.9;
  30 1 0.75  0 0 0 1 1 0 20 1 1.1 0.9;
  40 2 0.125 0 0 0 1 1 0 20 1 1.1 0.9;
  50 1 2     0 0 0 1 1 0 20 1 1.1 0.9;
  60 1 0.5   0 0 0 1 1 0 20 1 1.1 0.9;
];
mpc.bus_name = { 'Plant'; 'Market'; 'School'; 'Mill'; 'Works'; 'Farms' };

% bus Pg Qg Qmax Qmin Vg MBASE status Pmax Pmin
mpc.gen = [
  10 4   0 9 -9 1 10 1 5 0;
  40 0.5 0 1 -1 1 10 1 1 0;
  40 0.5 0 1 -1 1 10 0 1 0;
];

% from to r x b rateA rateB rateC ratio angle status
mpc.branch = [
  10 20 0.01 0.1 0 9 9 9 0 0 1;
  20 30 0.01 0.1 0 9 9 9 0 0 1;
  30 40 0.01 0.1 0 9 9 9 0 0 1;
  40 10 0.01 0.1 0 9 9 9 0 0 1;
  10 50 0.01 0.1 0 9 9 9 0 0 1;
  50 10 0.01 0.1 0 9 9 9 0 0 1;
  40 60 0.01 0.1 0 9 9 9 0 0 1;
  60 50 0.01 0.1 0 9 9 9 0 0 0;
];
