using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Tests.Agents.Training;

public sealed class ReplayBufferTests
{
    [Test]
    public void The_oldest_transitions_are_overwritten()
    {
        using var buffer = new ReplayBuffer(5, 3, 2);
        for (int i = 0; i < 4; i++)
        {
            Write(buffer.Open(0), 2 * i);
            Write(buffer.Open(1), (2 * i) + 1);
            buffer.Commit(2);
        }
        Assert.That(buffer.Count, Is.EqualTo(5));
        Assert.That(Enumerable.Range(0, 5).Select(row => buffer[row].Reward), Is.EqualTo(new float[] { 5, 6, 7, 3, 4 }));
        Assert.That(() => { _ = buffer[5].Reward; }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Gathered_rows_hold_every_part_of_the_chosen_transitions()
    {
        // Wider and narrower than what is copied float by float.
        foreach (int inputs in (int[])[3, 30])
        {
            using var buffer = new ReplayBuffer(10, inputs, 2);
            for (int i = 0; i < 10; i++)
            {
                Write(buffer.Open(), i);
                buffer.Commit(1);
            }
            using var pairs = new MatrixBuffer(3, inputs + 2);
            using var next = new MatrixBuffer(3, inputs + 2);
            next.Floats.Fill(-1);
            float[] rewards = new float[3], terms = new float[3];
            buffer.Gather([7, 0, 7], pairs.Matrix, next.Matrix, rewards, terms);
            Assert.That(rewards, Is.EqualTo(new float[] { 7, 0, 7 }));
            Assert.That(terms, Is.EqualTo(new float[] { 1, 0, 1 }));
            foreach (int row in (int[])[0, 1, 2])
            {
                float number = rewards[row];
                Assert.That(pairs.Matrix.Row(row).ToArray(),
                    Is.EqualTo(Enumerable.Repeat(100 + number, inputs).Append(200 + number).Append(200 + number)));
                Assert.That(next.Matrix.Row(row).ToArray(), Is.EqualTo(Enumerable.Repeat(300 + number, inputs).Append(-1).Append(-1)));
            }
            Assert.That(() => buffer.Gather([10], pairs.Matrix, next.Matrix, rewards, terms), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void A_saved_buffer_of_another_size_is_refused()
    {
        using var small = new ReplayBuffer(5, 3, 2);
        using var large = new ReplayBuffer(9, 3, 2);
        using var wide = new ReplayBuffer(9, 30, 2);
        for (int i = 0; i < 8; i++)
        {
            Write(large.Open(), i);
            large.Commit(1);
        }
        var checkpoint = new Checkpoint();
        large.Save(checkpoint, "replay");
        Assert.That(() => small.Load(checkpoint, "replay"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("holds 5 transitions"));
        Assert.That(() => wide.Load(checkpoint, "replay"), Throws.TypeOf<InvalidDataException>());
    }

    private static void Write(Transition transition, int number)
    {
        transition.Inputs.Fill(100 + number);
        transition.Action.Fill(200 + number);
        transition.NextInputs.Fill(300 + number);
        transition.Reward = number;
        transition.Term = number % 2;
    }
}
