using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.PixelGames;
using Sim.Environments.Scalar;

namespace Sim.Tests.Environments.PixelGames;

/// <summary>Pictures against the plain way: both raw frames drawn whole, the greater of each number, the mean over each pixel's area.</summary>
public sealed class PixelPictureTests
{
    [Test]
    public void Pictures_of_pong_are_those_of_whole_frames([Values] PixelView view, [Values] bool score)
        => Compare<PongRules, PongGame, PongFrame>(PixelGame.Pong, new() { View = view, ShowScore = score });

    [Test]
    public void Pictures_of_breakout_are_those_of_whole_frames([Values] PixelView view, [Values] bool score)
        => Compare<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>(PixelGame.Breakout, new() { View = view, ShowScore = score });

    [TestCase(160, 64)]
    [TestCase(210, 64)]
    [TestCase(160, 84)]
    [TestCase(210, 84)]
    public void Every_raw_line_counts_alike_and_every_pixel_covers_as_much(int raw, int side)
    {
        var scale = side == 64 ? PictureScale.Rgb64 : PictureScale.Grey84;
        var spans = raw == PictureScale.RasterWidth ? scale.Columns : scale.Rows;
        int[] counted = new int[raw];
        var covered = new List<int>();
        foreach (var span in spans)
        {
            covered.Add(Enumerable.Range(0, span.Count).Sum(span.Weight));
            for (int k = 0; k < span.Count; k++) counted[span.First + k] += span.Weight(k);
        }
        Assert.That(covered.Distinct().Count(), Is.EqualTo(1));
        Assert.That(counted.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Both_places_of_a_ball_that_moves_are_seen()
    {
        PongFrame first = new() { BallX = 60, BallY = 100, BallIsThere = 1, Opponent = 100, Player = 100, OpponentScore = 255, PlayerScore = 255 };
        var second = first with { BallX = 90, BallY = 120 };
        byte[] picture = new byte[64 * 64 * 3], alone = new byte[picture.Length];
        PixelPicture<PongRules, PongGame, PongFrame, Rgb64Format>.Draw(in first, in second, picture);
        PixelPicture<PongRules, PongGame, PongFrame, Rgb64Format>.Draw(in first, in first, alone);
        Assert.That(Blue(picture, 61, 102), Is.EqualTo(Blue(alone, 61, 102)).And.GreaterThan(60));
        Assert.That(Blue(picture, 91, 122), Is.GreaterThan(60));
        Assert.That(Blue(alone, 91, 122), Is.EqualTo(17), "the field");

        static int Blue(byte[] pixels, int x, int y) => pixels[(((y * 64 / 210 * 64) + (x * 64 / 160)) * 3) + 2];
    }

    private static void Compare<TRules, TGame, TFrame>(EnvironmentDefinition definition, PixelSettings settings)
        where TRules : struct, IPixelGame<TGame, TFrame>
        where TGame : unmanaged
        where TFrame : unmanaged
    {
        using var environments = (ScalarEnvironment<PixelTask<TRules, TGame, TFrame>, PixelState<TGame, TFrame>, PixelSettings>)definition.Create(new() { Count = 2 }, settings);
        using var player = definition.Expert!(environments);
        environments.Reset(seed: 5);
        int differ = 0;
        for (int step = 0; step < 1200; step++)
        {
            if (step % 400 < 300) player.Act(environments);
            else RandomActions.Fill(environments, seed: 3, step);
            environments.Step();
            if (step % 4 != 0) continue;
            var pair = environments.StateOf(1).Shown[LastPairs<TFrame>.Length - 1];
            byte[] expected = Plainly<TRules, TGame, TFrame>(pair.First, pair.Second, settings.View);
            Assert.That(environments.Observations.RowBytes(1).SequenceEqual(expected), $"step {step}");
            if (!environments.Observations.RowBytes(0).SequenceEqual(expected)) differ++;
        }
        Assert.That(differ, Is.GreaterThan(100), "pictures that never change say little");
    }

    private static byte[] Plainly<TRules, TGame, TFrame>(TFrame first, TFrame second, PixelView view)
        where TRules : struct, IPixelGame<TGame, TFrame>
        where TGame : unmanaged
        where TFrame : unmanaged
    {
        const int Width = 160, Height = 210;
        int side = view == PixelView.Rgb64 ? 64 : 84;
        uint[] one = new uint[Width * Height], other = new uint[Width * Height];
        for (int y = 0; y < Height; y++)
        {
            TRules.Line(in first, y, 0, one.AsSpan(y * Width, Width));
            TRules.Line(in second, y, 0, other.AsSpan(y * Width, Width));
        }
        byte[] rgb = new byte[side * side * 3];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    // Areas in units of 1/side² of a raw pixel.
                    long sum = 0;
                    for (int y = row * Height / side; y * side < (row + 1) * Height; y++)
                    {
                        long tall = Math.Min((row + 1) * Height, (y + 1) * side) - Math.Max(row * Height, y * side);
                        for (int x = column * Width / side; x * side < (column + 1) * Width; x++)
                        {
                            long wide = Math.Min((column + 1) * Width, (x + 1) * side) - Math.Max(column * Width, x * side);
                            uint a = one[(y * Width) + x] >> (8 * channel) & 0xFF, b = other[(y * Width) + x] >> (8 * channel) & 0xFF;
                            sum += tall * wide * Math.Max(a, b);
                        }
                    }
                    rgb[(((row * side) + column) * 3) + channel] = (byte)Math.Floor(((double)sum / (Width * Height)) + 0.5);
                }
            }
        }
        if (view == PixelView.Rgb64) return rgb;
        return [.. Enumerable.Range(0, side * side).Select(i => (byte)Math.Floor((0.299m * rgb[3 * i]) + (0.587m * rgb[(3 * i) + 1]) + (0.114m * rgb[(3 * i) + 2]) + 0.5m))];
    }
}
