using NUnit.Framework;
using Sim.Environments;

namespace Sim.Tests.Environments.Scalar;

/// <summary>Foreign bytes may be taken or refused, but no step may fail over them.</summary>
internal static class SnapshotFuzz
{
    /// <summary>Restores snapshots of play with a few bytes of their state changed, and plays on from those that are taken.</summary>
    public static void Run(EnvironmentDefinition game, int trials)
    {
        using var environments = game.Create(new());
        environments.Reset();
        Play(environments, 60, seed: 3);
        var snapshot = environments.Snapshot(0);
        var random = new Random(1);
        int taken = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            byte[] bytes = snapshot.Data.ToArray();
            for (int edit = 0; edit < 3; edit++) bytes[random.Next(environments.StateBytes)] = (byte)random.Next(256);
            try
            {
                environments.Restore(0, snapshot with { Data = bytes });
            }
            catch (ArgumentException)
            {
                continue;
            }
            taken++;
            Play(environments, 30, seed: 4);
        }
        Assert.That(taken, Is.GreaterThan(0).And.LessThan(trials));
    }

    private static void Play(BatchEnvironment environments, int steps, ulong seed)
    {
        for (int step = 0; step < steps; step++)
        {
            RandomActions.Fill(environments, seed, step);
            environments.Step();
        }
    }
}
