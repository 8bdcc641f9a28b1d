using System.Numerics;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Checking;

namespace Sim.Tests.Environments.Contract;

/// <summary>Plays a batch with random actions and reduces all that each lane shows at every step to one number a lane.</summary>
internal static class TrajectoryHash
{
    /// <summary>
    /// Hash of every lane's outputs over a run of <paramref name="steps"/> steps, with a masked reset after a third of
    /// them and a seeded reset of all after two thirds.
    /// </summary>
    public static ulong[] Of(BatchEnvironment environments, int steps, out int episodes)
    {
        ulong[] hashes = new ulong[environments.Count];
        bool[] everyThird = [.. Enumerable.Range(0, environments.Count).Select(lane => lane % 3 == 0)];
        var outputs = new LaneOutputs(environments);
        byte[] shown = new byte[(outputs.Size + 7) / 8 * 8];
        episodes = 0;
        environments.Reset(seed: 7);
        for (int step = 1; step <= steps; step++)
        {
            if (step == steps / 3) environments.Reset(mask: everyThird);
            if (step == 2 * steps / 3) environments.Reset(seed: 77);
            RandomActions.Fill(environments, seed: 5, step);
            environments.Step();
            for (int lane = 0; lane < environments.Count; lane++)
            {
                if (environments.Terminated[lane] || environments.Truncated[lane]) episodes++;
                outputs.Write(environments, lane, shown);
                foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(shown))
                    hashes[lane] = BitOperations.RotateLeft((hashes[lane] ^ word) * 0x9E3779B97F4A7C15, 29);
            }
        }
        return hashes;
    }
}
