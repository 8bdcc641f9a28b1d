using NUnit.Framework;
using Sim.Environments;

namespace Sim.Tests.Environments.Contract;

/// <summary>What a lane does depends on its seed and actions alone.</summary>
public sealed class LaneIndependenceTests
{
    private const int Steps = 2000, MostLanes = 100;

    /// <summary>A control step with a physics world costs a thousand times one without.</summary>
    private const int MostWorlds = 20;

    private static IEnumerable<string> Ids => Registry.All.Select(definition => definition.Id);

    [TestCaseSource(nameof(Ids))]
    public void Lane_width_batch_size_and_threads_change_no_bit_of_any_lane(string id)
    {
        var definition = Registry.Find(id);
        object settings = TestedSettings.Of(definition);
        var spec = definition.Describe(settings);
        bool world = spec.Kind == "scene", few = world || IsPicture(spec);
        int lanes = few ? MostWorlds : MostLanes, steps = StepsOf(spec);
        using var scalar = definition.Create(new() { Count = lanes, Lanes = 1, Privileged = true }, settings);
        ulong[] expected = TrajectoryHash.Of(scalar, steps, out int episodes);
        Assert.That(episodes, Is.GreaterThan(0), "the run must contain ends of episodes");
        Assert.That(expected.Distinct().Count(), Is.EqualTo(lanes), "lanes must differ, or the comparison says little");

        int[] widths = world ? [8, 16] : spec.Kind == "lanes" ? [1, 8, 16] : [0];
        foreach (int width in widths)
        {
            foreach (int count in few ? [3, lanes] : (int[])[1, 3, 8, 17, lanes])
            {
                foreach (int threads in (int[])[1, 2, 3])
                {
                    using var batch = definition.Create(new() { Count = count, Lanes = width, Threads = threads, Privileged = true }, settings);
                    // A small batch takes fewer threads than it is offered: that case has run already.
                    if (batch.Threads != threads) continue;
                    Assert.That(TrajectoryHash.Of(batch, steps, out _), Is.EqualTo(expected[..count]), $"width {width}, {count} environments, {threads} threads");
                }
            }
        }
    }

    [TestCaseSource(nameof(Ids))]
    public void The_other_autoreset_modes_do_not_depend_on_lane_width_or_threads_either(string id)
    {
        var definition = Registry.Find(id);
        object settings = TestedSettings.Of(definition);
        foreach (var mode in (AutoresetMode[])[AutoresetMode.NextStep, AutoresetMode.Disabled])
        {
            using var scalar = definition.Create(new() { Count = 17, Lanes = 1, Autoreset = mode, Privileged = true }, settings);
            int steps = StepsOf(scalar.Spec);
            ulong[] expected = TrajectoryHash.Of(scalar, steps, out int episodes);
            Assert.That(episodes, Is.GreaterThan(0), "the run must contain ends of episodes");
            if (scalar.Spec.Kind == "scalar") continue;
            foreach (int width in (int[])[8, 16])
            {
                using var batch = definition.Create(new() { Count = 17, Lanes = width, Threads = 2, Autoreset = mode, Privileged = true }, settings);
                Assert.That(TrajectoryHash.Of(batch, steps, out _), Is.EqualTo(expected), $"{mode}, width {width}");
            }
        }
    }

    /// <summary>Two thirds of a run must hold an episode: there lanes are reset.</summary>
    private static int StepsOf(EnvironmentSpec spec) => spec.Kind == "scene" || IsPicture(spec) ? (16 * spec.TimeLimit / 10) + 20 : Steps;

    /// <summary>Comparing pictures takes longer than making them.</summary>
    private static bool IsPicture(EnvironmentSpec spec) => spec.ObservationBox.Size > 4096;
}
