using NUnit.Framework;
using Sim.Agents.MixerTasks;
using Sim.Agents.Torch;
using Sim.Environments.Configuration;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.MixerTasks;

/// <summary>What the tasks ask, against what the tokens say.</summary>
public sealed class SequenceTaskTests
{
    private const int Sequences = 16;

    private static IEnumerable<string> Names => SequenceTasks.All.Select(task => task.Name);

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [TestCase("parity", 2)]
    [TestCase("mod-3", 3)]
    public void Counters_ask_for_the_sum_so_far(string name, int modulus)
    {
        using var scope = NewDisposeScope();
        var batch = Draw(SequenceTasks.Find(name), 21);
        for (int row = 0; row < Sequences; row++)
        {
            for (int t = 0; t < batch.Length; t++)
            {
                Assert.That(Target(batch, row, t), Is.EqualTo(Tokens(batch, row)[..(t + 1)].Sum() % modulus));
                Assert.That(IsScored(batch, row, t), Is.True);
            }
        }
    }

    [TestCase(16)]
    [TestCase(23)]
    [TestCase(64)]
    public void Selective_copy_asks_for_the_symbols_among_the_blanks_in_their_order(int length)
    {
        using var scope = NewDisposeScope();
        const int Marked = 8, Blank = 8;
        var batch = Draw(SequenceTasks.Find("selective-copy"), length);
        for (int row = 0; row < Sequences; row++)
        {
            long[] tokens = Tokens(batch, row), symbols = [.. tokens[..(length - Marked)].Where(token => token != Blank)];
            Assert.That(symbols, Has.Length.EqualTo(Marked).And.All.LessThan(Blank));
            Assert.That(Enumerable.Range(length - Marked, Marked).Select(t => Target(batch, row, t)), Is.EqualTo(symbols));
            Assert.That(tokens[^Marked..], Is.EqualTo(Enumerable.Range(Blank + 1, Marked)));
            Assert.That(Scored(batch, row), Is.EqualTo(Enumerable.Range(length - Marked, Marked)));
        }
    }

    [Test]
    public void Symbols_of_selective_copy_stand_everywhere()
    {
        using var scope = NewDisposeScope();
        var batch = new SelectiveCopy(marked: 2, symbols: 4, trainingLength: 10).Draw(4000, 10, new TaskDraws(5, 0));
        var shares = batch.Tokens.narrow(1, 0, 8).ne(4).to(ScalarType.Float32).mean([0]);
        // Two of eight places; of 4000 sequences the share of a place is off by 0.007 at one standard deviation.
        Assert.That(shares.data<float>().ToArray(), Is.All.EqualTo(0.25).Within(0.03));
    }

    [TestCase(10)]
    [TestCase(57)]
    public void Passkey_asks_for_the_digits_of_the_beginning(int length)
    {
        using var scope = NewDisposeScope();
        const int Keys = 5;
        var batch = Draw(SequenceTasks.Find("passkey"), length);
        for (int row = 0; row < Sequences; row++)
        {
            long[] tokens = Tokens(batch, row);
            Assert.That(tokens[..Keys], Is.All.LessThan(10));
            Assert.That(tokens[Keys..^Keys], Is.All.InRange(10, 19));
            Assert.That(tokens[^Keys..], Is.EqualTo(new[] { 20, 21, 22, 23, 24 }));
            Assert.That(Enumerable.Range(length - Keys, Keys).Select(t => Target(batch, row, t)), Is.EqualTo(tokens[..Keys]));
            Assert.That(Scored(batch, row), Is.EqualTo(Enumerable.Range(length - Keys, Keys)));
        }
    }

    [Test]
    public void N_back_asks_whether_a_bit_came_n_moments_ago()
    {
        using var scope = NewDisposeScope();
        int[] lags = [1, 3, 8];
        var batch = Draw(new NBack(lags, trainingLength: 20), 20);
        for (int row = 0; row < Sequences; row++)
        {
            long[] tokens = Tokens(batch, row);
            for (int q = 0; q < lags.Length; q++)
            {
                Assert.That(Scored(batch, row, q), Is.EqualTo(Enumerable.Range(lags[q], 20 - lags[q])));
                for (int t = lags[q]; t < 20; t++) Assert.That(Target(batch, row, t, q), Is.EqualTo(tokens[t] == tokens[t - lags[q]] ? 1 : 0));
            }
        }
    }

    [Test]
    public void Equal_seeds_draw_equal_batches_and_others_other_ones([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        var task = SequenceTasks.Find(name);
        var batch = task.Draw(Sequences, task.TrainingLength, new TaskDraws(3, 7));
        var again = task.Draw(Sequences, task.TrainingLength, new TaskDraws(3, 7));
        Assert.That(again.Tokens.equal(batch.Tokens).all().item<bool>() && again.Targets.equal(batch.Targets).all().item<bool>(), Is.True);
        foreach (var other in new[] { new TaskDraws(4, 7), new TaskDraws(3, 8) })
            Assert.That(task.Draw(Sequences, task.TrainingLength, other).Tokens.equal(batch.Tokens).all().item<bool>(), Is.False);
    }

    [Test]
    public void Tokens_and_answers_lie_in_their_ranges_and_answers_are_equally_likely([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        var task = SequenceTasks.Find(name);
        var batch = task.Draw(1000, task.TrainingLength, new TaskDraws(1, 0));
        Assert.That((batch.Tokens.min().item<long>(), batch.Tokens.max().item<long>()), Is.EqualTo((0L, task.Tokens - 1L)));
        var answers = batch.Targets.masked_select(batch.Scored);
        for (int answer = 0; answer < task.Classes; answer++)
        {
            // At least 5000 answers: an eighth or a half of them is off by less than 0.007 at one standard deviation.
            double share = answers.eq(answer).to(ScalarType.Float32).mean().item<float>();
            Assert.That(share, Is.EqualTo(1.0 / task.Classes).Within(0.03), $"answer {answer}");
        }
    }

    [Test]
    public void Scaled_accuracy_is_0_for_a_guess_and_1_when_all_is_right()
    {
        Assert.That(SequenceTask.ScaledAccuracy(50, 100, 2), Is.Zero);
        Assert.That(SequenceTask.ScaledAccuracy(10, 100, 10), Is.EqualTo(0).Within(1e-12));
        Assert.That(SequenceTask.ScaledAccuracy(100, 100, 10), Is.EqualTo(1));
        Assert.That(SequenceTask.ScaledAccuracy(75, 100, 2), Is.EqualTo(0.5));
        Assert.That(SequenceTask.ScaledAccuracy(0, 100, 2), Is.EqualTo(-1));
    }

    [Test]
    public void A_sequence_too_short_for_its_task_is_refused()
        => Assert.That(() => SequenceTasks.Find("passkey").Draw(1, 9, new TaskDraws(1, 0)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void An_unknown_task_is_answered_with_the_known_ones()
        => Assert.That(() => SequenceTasks.Find("party"), Throws.InstanceOf<SettingsException>().With.Message.Contains("parity, mod-3, selective-copy, passkey, n-back"));

    private static TaskBatch Draw(SequenceTask task, int length) => task.Draw(Sequences, length, new TaskDraws(11, 2));

    private static long[] Tokens(TaskBatch batch, int row) => batch.Tokens[row].data<long>().ToArray();

    private static long Target(TaskBatch batch, int row, int t, int question = 0) => batch.Targets[row, t, question].item<long>();

    private static bool IsScored(TaskBatch batch, int row, int t, int question = 0) => batch.Scored[row, t, question].item<bool>();

    /// <summary>Moments of a sequence at which a question counts.</summary>
    private static IEnumerable<int> Scored(TaskBatch batch, int row, int question = 0)
        => Enumerable.Range(0, batch.Length).Where(t => IsScored(batch, row, t, question));
}
