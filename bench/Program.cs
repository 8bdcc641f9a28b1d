using Sim.Bench.Agents;

switch (args)
{
    case ["network-update"]: NetworkUpdate.Run(); return 0;
    default: Console.Error.WriteLine("usage: Sim.Bench network-update"); return 2;
}
