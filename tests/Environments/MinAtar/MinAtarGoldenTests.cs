using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using NUnit.Framework;
using Sim.Environments.MinAtar;

namespace Sim.Tests.Environments.MinAtar;

/// <summary>Every transition recorded from MinAtar 1.0.15: executed action, draws, reward, end, state and observation.</summary>
public sealed class MinAtarGoldenTests
{
    [Test]
    public void Asterix_replays_its_recording() => Replay<AsterixRules, AsterixGame>("asterix", 564, RecordedStates.Asterix);

    [Test]
    public void Breakout_replays_its_recording() => Replay<BreakoutRules, BreakoutGame>("breakout", 570, RecordedStates.Breakout);

    [Test]
    public void Freeway_replays_its_recording() => Replay<FreewayRules, FreewayGame>("freeway", 566, RecordedStates.Freeway);

    [Test]
    public void Seaquest_replays_its_recording() => Replay<SeaquestRules, SeaquestGame>("seaquest", 773, RecordedStates.Seaquest);

    [Test]
    public void Space_invaders_replays_its_recording()
        => Replay<SpaceInvadersRules, SpaceInvadersGame>("space_invaders", 712, RecordedStates.SpaceInvaders);

    private static void Replay<TRules, TGame>(string file, int transitions, Func<JsonElement, TGame> read)
        where TRules : struct, IMinAtarGame<TGame>
        where TGame : unmanaged
    {
        using var recording = Open(file);
        int replayed = 0;
        foreach (var segment in recording.RootElement.GetProperty("segments").EnumerateArray())
        {
            Start<TRules, TGame>(segment, read);
            replayed += Play<TRules, TGame>(segment, read, replants: true);
            Play<TRules, TGame>(segment, read, replants: false);
        }
        Assert.That(replayed, Is.EqualTo(transitions));
    }

    private static JsonDocument Open(string file)
    {
        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Environments", "golden", $"minatar_{file}.json.gz");
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        return JsonDocument.Parse(stream);
    }

    private static void Start<TRules, TGame>(JsonElement segment, Func<JsonElement, TGame> read)
        where TRules : struct, IMinAtarGame<TGame>
        where TGame : unmanaged
    {
        var list = segment.GetProperty("reset_draws");
        if (list.ValueKind == JsonValueKind.Null) return;
        var draws = new RecordedDraws(list);
        var game = TRules.Start(ref draws);
        string where = segment.GetProperty("name").GetString()!;
        Assert.That(draws.AllTaken, $"{where}: draws of the reset");
        Compare(game, read(segment.GetProperty("s0")), where);
    }

    /// <summary>Plays a segment, from the recorded state in every step or from its first state alone; returns its steps.</summary>
    private static int Play<TRules, TGame>(JsonElement segment, Func<JsonElement, TGame> read, bool replants)
        where TRules : struct, IMinAtarGame<TGame>
        where TGame : unmanaged
    {
        var settings = new MinAtarSettings
        {
            StickyProbability = (float)segment.GetProperty("sticky").GetDouble(),
            Ramping = segment.GetProperty("ramping").GetInt32() != 0,
        };
        MinAtarState<TGame> state = new() { Game = read(segment.GetProperty("s0")), Executed = segment.GetProperty("last_action").GetByte() };
        string name = segment.GetProperty("name").GetString()!;
        CompareBoard<TRules, TGame>(in state, segment.GetProperty("o0"), settings, name);
        int count = 0;
        foreach (var step in segment.GetProperty("steps").EnumerateArray())
        {
            string where = $"{name}, step {count++}";
            var draws = new RecordedDraws(step.GetProperty("d"));
            var outcome = MinAtarTask<TRules, TGame>.Step(ref state, step.GetProperty("a").GetInt32(), ref draws, in settings);
            Assert.That(draws.AllTaken, $"{where}: draws");
            Assert.That(state.Executed, Is.EqualTo(step.GetProperty("x").GetByte()), $"{where}: executed action");
            Assert.That(outcome.Reward, Is.EqualTo(step.GetProperty("r").GetSingle()), $"{where}: reward");
            Assert.That(outcome.Terminated, Is.EqualTo(step.GetProperty("t").GetInt32() != 0), $"{where}: end");
            var recorded = read(step.GetProperty("s"));
            Compare(state.Game, recorded, where);
            CompareBoard<TRules, TGame>(in state, step.GetProperty("o"), settings, where);
            Assert.That(MinAtarTask<TRules, TGame>.IsWhole(in state), $"{where}: a state that play leads to is whole");
            if (replants) state.Game = recorded;
        }
        return count;
    }

    private static void Compare<TGame>(TGame game, TGame recorded, string where) where TGame : unmanaged
        => Assert.That(MemoryMarshal.AsBytes(new Span<TGame>(ref game)).SequenceEqual(MemoryMarshal.AsBytes(new Span<TGame>(ref recorded))), $"{where}: state");

    private static void CompareBoard<TRules, TGame>(in MinAtarState<TGame> state, JsonElement marks, MinAtarSettings settings, string where)
        where TRules : struct, IMinAtarGame<TGame>
        where TGame : unmanaged
    {
        byte[] board = new byte[100 * TRules.Channels], recorded = new byte[board.Length];
        // What stood there before must not matter.
        Array.Fill(board, (byte)7);
        MinAtarTask<TRules, TGame>.Observe(in state, in settings, board);
        foreach (var mark in marks.EnumerateArray()) recorded[mark.GetInt32()] = 1;
        Assert.That(board, Is.EqualTo(recorded), $"{where}: observation");
    }
}
