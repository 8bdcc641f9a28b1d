using NUnit.Framework;
using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

public sealed class LaneRandomTests
{
    private const int Lanes = 16;

    [Test]
    public void Draws_are_equal_at_every_width()
    {
        float[] one = Mixed<Lane1>();
        Assert.That(Mixed<Lane8>(), Is.EqualTo(one));
        Assert.That(Mixed<Lane16>(), Is.EqualTo(one));

        static float[] Mixed<T>() where T : unmanaged, ILane<T>
            => Collect<T>(40, static (ref Draws<T> draws, int index) => (index % 4) switch
            {
                0 => draws.Unit(),
                1 => draws.Normal(),
                2 => draws.Uniform(-3, 5),
                _ => draws.Uniform(T.Of(-1), draws.Unit()),
            });
    }

    [Test]
    public void Draws_follow_the_documented_key_and_counter()
    {
        var at = At<Lane1>(3, 9, 4);
        Draws<Lane1> draws = at.Stream(RandomStream.Task);
        for (uint block = 0; block < 3; block++)
        {
            Lane1 c0 = Lane1.OfBits(block), c1 = Lane1.OfBits(4), c2 = Lane1.OfBits(9), c3 = Lane1.OfBits((uint)RandomStream.Task);
            Philox.Scramble(ref c0, ref c1, ref c2, ref c3, at.SeedLow, at.SeedHigh);
            foreach (Lane1 word in new[] { c0, c1, c2, c3 })
                Assert.That(Bits(draws.Bits()), Is.EqualTo(Bits(word)));
        }

        static uint Bits(Lane1 value) => BitConverter.SingleToUInt32Bits(value.Value);
    }

    [TestCase(RandomStream.Dynamics, 0, 0, 0, TestName = "Another_stream_is_independent")]
    [TestCase(RandomStream.StartState, 1, 0, 0, TestName = "Another_seed_is_independent")]
    [TestCase(RandomStream.StartState, 0, 1, 0, TestName = "Another_episode_is_independent")]
    [TestCase(RandomStream.StartState, 0, 0, 1, TestName = "Another_step_is_independent")]
    public void Neighbouring_draws_are_independent(RandomStream stream, int seed, int episode, int step)
    {
        const int count = 100_000;
        Draws<Lane1> first = At<Lane1>(0, 0, 0).Stream(RandomStream.StartState);
        Draws<Lane1> second = At<Lane1>((uint)seed, (uint)episode, step).Stream(stream);
        double product = 0;
        int same = 0;
        for (int i = 0; i < count; i++)
        {
            float a = first.Unit().Value, b = second.Unit().Value;
            product += (a - 0.5) * (b - 0.5);
            if (a == b) same++;
        }

        // Correlation has standard deviation 1/√count under independence; five of them.
        Assert.That(product / count * 12, Is.EqualTo(0).Within(5 / Math.Sqrt(count)));

        // Expected collisions of 24-bit draws: count / 2²⁴ = 0.006.
        Assert.That(same, Is.LessThan(3));
    }

    [Test]
    public void Unit_draws_fill_the_half_open_interval_evenly()
    {
        float[] draws = Collect<Lane16>(12_500, static (ref Draws<Lane16> draws, int _) => draws.Unit());
        Assert.That(draws, Is.All.InRange(0f, 1f - (1f / 16777216f)));

        // χ² over 100 bins has mean 99 and standard deviation 14; five of them.
        double expected = draws.Length / 100.0;
        double square = draws.GroupBy(x => (int)(x * 100)).Sum(bin => Math.Pow(bin.Count() - expected, 2) / expected);
        Assert.That(square, Is.EqualTo(99).Within(70));
    }

    [Test]
    public void Uniform_draws_keep_to_their_limits()
    {
        float[] draws = Collect<Lane16>(2_000, static (ref Draws<Lane16> draws, int _) => draws.Uniform(-3, 5));
        Assert.That(draws.Min(), Is.InRange(-3f, -2.99f)); // 32000 draws: the end 0.125 % is missed with chance e⁻⁴⁰
        Assert.That(draws.Max(), Is.InRange(4.99f, 5f));
    }

    [Test]
    public void Normal_draws_have_the_moments_of_the_standard_normal()
    {
        float[] draws = Collect<Lane16>(12_500, static (ref Draws<Lane16> draws, int _) => draws.Normal());
        double root = Math.Sqrt(draws.Length);

        // The k-th sample moment has variance (E z²ᵏ − (E zᵏ)²)/n: 1, 2, 15 and 96 for k = 1 to 4; five deviations.
        Assert.That(draws.Average(z => (double)z), Is.EqualTo(0).Within(5 / root));
        Assert.That(draws.Average(z => Math.Pow(z, 2)), Is.EqualTo(1).Within(5 * Math.Sqrt(2) / root));
        Assert.That(draws.Average(z => Math.Pow(z, 3)), Is.EqualTo(0).Within(5 * Math.Sqrt(15) / root));
        Assert.That(draws.Average(z => Math.Pow(z, 4)), Is.EqualTo(3).Within(5 * Math.Sqrt(96) / root));
        Assert.That(draws, Is.All.InRange(-5.77f, 5.77f));
    }

    private delegate T Draw<T>(ref Draws<T> draws, int index) where T : unmanaged, ILane<T>;

    /// <summary>Draws of lanes 0 to 15, as [draw, lane].</summary>
    private static unsafe float[] Collect<T>(int count, Draw<T> draw) where T : unmanaged, ILane<T>
    {
        var values = new float[count * Lanes];
        for (int lane = 0; lane < Lanes; lane += T.Width)
        {
            Draws<T> draws = At<T>((uint)lane, 2, 17).Stream(RandomStream.Dynamics);
            fixed (float* target = values)
            {
                for (int i = 0; i < count; i++) T.Store(draw(ref draws, i), target + (i * Lanes) + lane);
            }
        }
        return values;
    }

    private static unsafe LaneRandom<T> At<T>(uint firstSeed, uint episode, float step) where T : unmanaged, ILane<T>
    {
        uint* seeds = stackalloc uint[Lanes];
        for (uint lane = 0; lane < Lanes; lane++) seeds[lane] = firstSeed + lane;
        return new()
        {
            SeedLow = T.Load((float*)seeds),
            SeedHigh = T.OfBits(5),
            Episode = T.OfBits(episode),
            Step = T.Of(step),
        };
    }
}
