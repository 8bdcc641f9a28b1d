using NUnit.Framework;
using Sim.Environments;

namespace Sim.Tests.Environments.Contract;

/// <summary>Nothing allocates in a step, whatever happens in it.</summary>
public sealed class AllocationTests
{
    private static IEnumerable<TestCaseData> Cases()
        => from definition in Registry.All
           from mode in Enum.GetValues<AutoresetMode>()
           select new TestCaseData(definition.Id, mode);

    [TestCaseSource(nameof(Cases))]
    public void A_step_allocates_nothing_while_episodes_end_and_begin(string id, AutoresetMode mode)
    {
        var definition = Registry.Find(id);
        using var environments = definition.Create(new() { Count = 20, Autoreset = mode }, TestedSettings.Of(definition));
        environments.Reset();
        bool[] ended = new bool[environments.Count];
        int episodes = 0;
        long allocated = 0;
        // Twice the time limit: episodes end in the first half, which warms up, and in the second, which is measured.
        int half = Math.Clamp(environments.Spec.TimeLimit + 1, 300, 1000);
        for (int step = 0; step < 2 * half; step++)
        {
            RandomActions.Fill(environments, seed: 1, step);
            long before = GC.GetAllocatedBytesForCurrentThread();
            environments.Step();
            if (mode == AutoresetMode.Disabled && step % 10 == 0) environments.Reset(mask: ended);
            for (int lane = 0; lane < ended.Length; lane++)
            {
                ended[lane] = environments.Terminated[lane] || environments.Truncated[lane];
                if (ended[lane] && step >= half) episodes++;
            }
            if (step >= half) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.That(episodes, Is.GreaterThan(0), "the run must contain ends of episodes");
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Worker_threads_allocate_nothing_either()
    {
        using var environments = Registry.Make("cartpole", new EnvironmentOptions { Count = 64, Lanes = 8, Threads = 3 });
        environments.Reset();
        RandomActions.Fill(environments, seed: 1);
        // Other threads of the test process may allocate meanwhile; ours would do so in every run.
        Assert.That(Enumerable.Range(0, 5).Select(_ => AllocatedIn(environments)).Min(), Is.Zero);

        static long AllocatedIn(BatchEnvironment environments)
        {
            for (int step = 0; step < 200; step++) environments.Step();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 200; step++) environments.Step();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }
}
