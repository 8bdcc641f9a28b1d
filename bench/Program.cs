using Sim.Bench.Lanes;

switch (args)
{
    case ["contract-shape"]:
        ContractShape.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: bench contract-shape");
        return 1;
}
