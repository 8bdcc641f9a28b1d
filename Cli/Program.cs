using Sim.Cli;

return SimCommand.Run(args, Console.Out, Console.Error, CommandActions.All);
