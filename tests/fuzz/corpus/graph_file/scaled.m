7function [mpc] = f
%{
mpc.bus = [ 9 9 9 ];
%}
mpc.bus = [ 1, 3, 0.5 ... more
 ; 2 4 1e3; 3 1 -2 ];
mpc.gen = [ 1 Inf 0 0 0 1 100 1; 3 -1 0 0 0 1 100 0 ];
mpc.branch = [ 1 2 0 0 0 0 0 0 0 0 1
 1 3 0 0 0 0 0 0 0 0 1 ];
mpc.dcline = [ 1 3 1 ];
mpc.bus_name = { 'a; ]', "O""Hara"; 'x''y' };
k = 1000;
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / k;
if 1
 mpc.gen(:, PG) = 7;
end
