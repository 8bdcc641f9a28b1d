using NUnit.Framework;
using Sim.Agents.Drama;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Environments.FallingDot;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Drama;

public sealed class SequenceReplayTests
{
    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    /// <summary>A dot that falls on in every step of a window: nothing is left out, nothing is of another time.</summary>
    [Test]
    public void Windows_of_a_full_ring_are_steps_that_followed_each_other([Values(150, 200, 333)] int steps)
    {
        using var scope = NewDisposeScope();
        using var environments = FallingDotGame.Definition.Create(new() { Count = 3 });
        var form = new ObservationForm(environments.Spec);
        var replay = WorldModelTests.Fill(environments, form, steps);
        int length = 9, windows = replay.WindowsOf(length);
        Assert.That(windows, Is.EqualTo((Math.Min(steps, 200) - length + 1) * 3));
        int[] starts = new int[windows];
        replay.DrawToInspect(starts, length, 1, 1);
        Assert.That(starts.Distinct().Count(), Is.EqualTo(windows), "drawn without replacement");
        var read = replay.Read(starts, length, CPU);
        var rows = read.Observations.view(windows, length, 2, 10, 10).select(2, 1).sum(-1).argmax(-1).data<long>().ToArray();
        float[] rewards = read.Rewards.data<float>().ToArray();
        for (int window = 0; window < windows; window++)
        {
            for (int step = 0; step + 1 < length; step++)
            {
                int at = (window * length) + step;
                Assert.That(rows[at + 1], Is.EqualTo((rows[at] + 1) % 9));
                Assert.That(rewards[at] != 0, Is.EqualTo(rows[at] == 8), "a reward comes of the step that lands");
            }
        }
    }

    [Test]
    public void Frequency_sampling_learns_from_everything_alike_and_uniform_sampling_does_not()
    {
        Assert.That(Spread(true), Is.LessThan(Spread(false) / 2));

        static double Spread(bool frequency)
        {
            using var environments = FallingDotGame.Definition.Create(new() { Count = 2 });
            var replay = WorldModelTests.Fill(environments, new ObservationForm(environments.Spec), 200);
            var settings = DramaPresets.Tiny with { FrequencySampling = frequency, SamplingTemperature = 1 };
            int[] starts = new int[settings.Batch], counts = new int[400];
            for (ulong time = 0; time < 400; time++)
            {
                replay.DrawForModel(starts, settings, 1, time);
                foreach (int start in starts) counts[start]++;
            }
            double mean = counts.Average();
            return counts.Where(count => count > 0).Average(count => (count - mean) * (count - mean));
        }
    }

    [Test]
    public void A_saved_replay_draws_and_reads_what_the_one_that_was_saved_does([Values(90, 333)] int steps)
    {
        using var scope = NewDisposeScope();
        using var environments = FallingDotGame.Definition.Create(new() { Count = 2 });
        var form = new ObservationForm(environments.Spec);
        var replay = WorldModelTests.Fill(environments, form, steps);
        int[] starts = new int[8], again = new int[8];
        replay.DrawForModel(starts, DramaPresets.Tiny, 1, 1);
        var checkpoint = new Checkpoint();
        replay.Save(checkpoint);
        var loaded = new SequenceReplay(form, 2, 200, 3);
        loaded.Load(checkpoint);
        replay.DrawForModel(starts, DramaPresets.Tiny, 1, 2);
        loaded.DrawForModel(again, DramaPresets.Tiny, 1, 2);
        Assert.That(again, Is.EqualTo(starts));
        SequenceWindows one = replay.Read(starts, 32, CPU), other = loaded.Read(starts, 32, CPU);
        foreach (var (mine, its) in (ReadOnlySpan<(Tensor, Tensor)>)[(one.Observations, other.Observations), (one.Actions, other.Actions), (one.Rewards, other.Rewards), (one.Ends, other.Ends), (one.First, other.First)])
            Assert.That(mine.bytes.ToArray(), Is.EqualTo(its.bytes.ToArray()));
        Assert.That(() => new SequenceReplay(form, 2, 50, 3).Load(checkpoint), Throws.TypeOf<InvalidDataException>());
    }
}
