%% SPDX-License-Identifier: GPL-3.0-or-later

%% erl … -run grid main GRAPH ROUNDS: a process per node. Waves are kept in the
%% process dictionary, its fastest table: Wave -> {Open, Due, Parent, Collected}.
%% Open Asks are not answered yet; whoever answers with nothing asks too, so Due
%% Asks are still to come. Between two processes messages keep their order and a
%% flood goes out before the wave, so when all own waves are back nothing is left.
-module(grid).
-export([main/1]).

-record(node, {self, net, siblings, observer, flooded = 0, gridnet = 0, sent = 0}).

main([Path, Rounds]) ->
    {ok, Text} = file:read_file(Path),
    [Count, _Links | Ends] = [binary_to_integer(W) || W <- binary:split(Text, [<<" ">>, <<"\n">>], [global, trim_all])],
    Observer = self(),
    Nodes = [spawn_opt(fun() -> start(I, Observer) end, [{message_queue_data, off_heap}]) || I <- lists:seq(1, Count)],
    Pids = list_to_tuple(Nodes),
    connect(Ends, Pids),
    [run_round(Round, Nodes) || Round <- lists:seq(1, list_to_integer(Rounds))],
    halt(0).

connect([A, B | Ends], Pids) ->
    element(A, Pids) ! {sibling, element(B, Pids)},
    element(B, Pids) ! {sibling, element(A, Pids)},
    connect(Ends, Pids);
connect([], Pids) ->
    [Pid ! start || Pid <- tuple_to_list(Pids)].

run_round(Round, [First | _] = Nodes) ->
    Net = 25 + Round,
    Before = erlang:monotonic_time(microsecond),
    First ! {update, Net, Round},
    wait(length(Nodes)),
    Seconds = (erlang:monotonic_time(microsecond) - Before) / 1.0e6,
    Expected = Net + lists:sum([start_net(I) || I <- lists:seq(2, length(Nodes))]),
    [Pid ! report || Pid <- Nodes],
    Figures = [receive {figures, Pid, Sent, Gridnet} -> {Sent, Gridnet} end || Pid <- Nodes],
    Right = lists:all(fun({_, Gridnet}) -> Gridnet =:= Expected end, Figures),
    Messages = lists:sum([Sent || {Sent, _} <- Figures]),
    io:format("~b ~.6f ~s~n", [Messages, Seconds, case Right of true -> right; false -> wrong end]).

wait(0) -> ok;
wait(Left) -> receive done -> wait(Left - 1) end.

start_net(I) -> (I - 1) rem 11.

start(I, Observer) ->
    loop(#node{self = I, net = start_net(I), siblings = siblings([]), observer = Observer}).

siblings(Known) ->
    receive
        {sibling, Pid} -> siblings([Pid | Known]);
        start -> lists:reverse(Known)
    end.

loop(Node) ->
    receive
        {ask, From, Wave} ->
            case get(Wave) of
                undefined ->
                    loop(join(Wave, From, Node));
                {Open, Due, Parent, Collected} ->
                    From ! {response, Wave, []},
                    keep(Wave, Open, Due - 1, Parent, Collected),
                    loop(Node#node{sent = Node#node.sent + 1})
            end;
        {response, Wave, []} ->
            {Open, Due, Parent, Collected} = get(Wave),
            loop(answered(Wave, Open - 1, Due + 1, Parent, Collected, Node));
        {response, Wave, Nets} ->
            {Open, Due, Parent, Collected} = get(Wave),
            loop(answered(Wave, Open - 1, Due, Parent, [Nets | Collected], Node));
        {flood, From, Round} ->
            loop(flood(From, Round, Node));
        {update, Net, Round} ->
            loop(flood(none, Round, Node#node{net = Net}));
        report ->
            Node#node.observer ! {figures, self(), Node#node.sent, Node#node.gridnet},
            loop(Node#node{sent = 0})
    end.

flood(_, Round, #node{flooded = Round} = Node) ->
    Node;
flood(From, Round, Node) ->
    Sent = tell(Node#node.siblings, From, {flood, self(), Round}, 0),
    join((Round bsl 32) bor Node#node.self, none, Node#node{flooded = Round, sent = Node#node.sent + Sent}).

%% Asks all but the parent.
join(Wave, Parent, Node) ->
    Open = tell(Node#node.siblings, Parent, {ask, self(), Wave}, 0),
    answered(Wave, Open, 0, Parent, [], Node#node{sent = Node#node.sent + Open}).

%% Nets by id, nested: whoever responds puts its own above what it collected.
answered(Wave, 0, Due, none, Collected, Node) ->
    keep(Wave, 0, Due, none, []),
    Node#node.observer ! done,
    Node#node{gridnet = sum(Collected, Node#node.net)};
answered(Wave, 0, Due, Parent, Collected, Node) ->
    keep(Wave, 0, Due, Parent, []),
    Parent ! {response, Wave, [{Node#node.self, Node#node.net} | Collected]},
    Node#node{sent = Node#node.sent + 1};
answered(Wave, Open, Due, Parent, Collected, Node) ->
    keep(Wave, Open, Due, Parent, Collected),
    Node.

%% Until all is answered and no Ask of it is to come.
keep(Wave, 0, 0, _, _) -> erase(Wave);
keep(Wave, Open, Due, Parent, Collected) -> put(Wave, {Open, Due, Parent, Collected}).

sum([{_, Net} | Parts], Sum) -> sum(Parts, Sum + Net);
sum([Part | Parts], Sum) -> sum(Parts, sum(Part, Sum));
sum([], Sum) -> Sum.

tell([Except | Rest], Except, Message, Sent) ->
    tell(Rest, Except, Message, Sent);
tell([Pid | Rest], Except, Message, Sent) ->
    Pid ! Message,
    tell(Rest, Except, Message, Sent + 1);
tell([], _, _, Sent) ->
    Sent.
