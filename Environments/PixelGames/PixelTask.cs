using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames;

/// <summary>What two raw frames showed, of which a picture is made.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FramePair<TFrame> where TFrame : unmanaged
{
    public TFrame First, Second;
}

/// <summary>A game, the pictures of the last steps, and the action that may stick.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PixelState<TGame, TFrame>
    where TGame : unmanaged
    where TFrame : unmanaged
{
    public TGame Game;

    /// <summary>Choice of the last raw frame.</summary>
    public byte Executed;

    /// <summary>Whether the game goes on after an episode that ended with a life.</summary>
    public byte GoesOn;

    /// <summary>Pictures, the newest last.</summary>
    public LastPairs<TFrame> Shown;
}

/// <summary>The pairs of frames of the last steps, the oldest first.</summary>
[InlineArray(Length)]
public struct LastPairs<TFrame> where TFrame : unmanaged
{
    public const int Length = 4;

    private FramePair<TFrame> _first;
}

/// <summary>
/// What is common to the pixel games, in the order of the usual wrappers: no-op start, repeated actions with the greater of the last two frames, life loss, clipped
/// rewards, averaged pictures, stack.
/// </summary>
public readonly struct PixelTask<TRules, TGame, TFrame> : IScalarTask<PixelState<TGame, TFrame>, PixelSettings>
    where TRules : struct, IPixelGame<TGame, TFrame>
    where TGame : unmanaged
    where TFrame : unmanaged
{
    private const int NoAction = 0;

    public static void Reset<TDraws>(ref PixelState<TGame, TFrame> state, ref TDraws draws, in PixelSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        if (settings.TerminalOnLifeLoss && state.GoesOn != 0)
        {
            state.GoesOn = 0;
            Fill(ref state.Shown, state.Shown[LastPairs<TFrame>.Length - 1]);
            return;
        }
        state = default;
        state.Game = TRules.Start(ref draws);
        FramePair<TFrame> pair = new() { First = TRules.Frame(in state.Game, settings.ShowScore) };
        pair.Second = pair.First;
        int idle = settings.NoopMax > 0 ? draws.Between(1, settings.NoopMax + 1) : 0;
        for (int frame = 0; frame < idle; frame++)
        {
            TRules.Step(ref state.Game, NoAction, ref draws);
            pair.First = pair.Second;
            pair.Second = TRules.Frame(in state.Game, settings.ShowScore);
        }
        Fill(ref state.Shown, pair);
    }

    public static ScalarOutcome Step<TDraws>(ref PixelState<TGame, TFrame> state, int action, ref TDraws draws, in PixelSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        int reward = 0, lives = TRules.Lives(in state.Game);
        float sticky = settings.Sticky;
        FramePair<TFrame> pair = default;
        bool shown = false;
        for (int frame = 0; frame < settings.FrameSkip && !TRules.IsOver(in state.Game); frame++)
        {
            int choice = sticky > 0 && draws.Unit() < sticky ? state.Executed : action;
            state.Executed = (byte)choice;
            reward += TRules.Step(ref state.Game, choice, ref draws);
            // Only of the last two frames that there were is a picture made.
            if (frame < settings.FrameSkip - 2 && !TRules.IsOver(in state.Game)) continue;
            var now = TRules.Frame(in state.Game, settings.ShowScore);
            pair.First = shown ? pair.Second : now;
            pair.Second = now;
            shown = true;
        }
        for (int i = 1; i < LastPairs<TFrame>.Length; i++) state.Shown[i - 1] = state.Shown[i];
        if (shown) state.Shown[LastPairs<TFrame>.Length - 1] = pair;
        bool over = TRules.IsOver(in state.Game);
        bool lost = settings.TerminalOnLifeLoss && TRules.Lives(in state.Game) < lives;
        state.GoesOn = lost && !over ? (byte)1 : (byte)0;
        return new(settings.ClipRewards ? Math.Sign(reward) : reward, over || lost);
    }

    public static void Observe(in PixelState<TGame, TFrame> state, in PixelSettings settings, Span<byte> observation)
    {
        if (settings.View == PixelView.Rgb64) Show<Rgb64Format>(in state, settings.FrameStack, observation);
        else Show<Grey84Format>(in state, settings.FrameStack, observation);
    }

    public static bool IsWhole(in PixelState<TGame, TFrame> state)
    {
        foreach (ref readonly var pair in state.Shown)
        {
            if (!TRules.IsWhole(in pair.First) || !TRules.IsWhole(in pair.Second)) return false;
        }
        return state.Executed < TRules.Actions && TRules.IsWhole(in state.Game);
    }

    private static void Fill(ref LastPairs<TFrame> pairs, FramePair<TFrame> pair)
    {
        for (int i = 0; i < LastPairs<TFrame>.Length; i++) pairs[i] = pair;
    }

    private static void Show<TFormat>(in PixelState<TGame, TFrame> state, int stack, Span<byte> observation) where TFormat : struct, IPictureFormat
    {
        int bytes = TFormat.Scale.Side * TFormat.Scale.Side * TFormat.Bytes;
        Span<byte> scratch = stack == 1 ? [] : stackalloc byte[stack * bytes];
        for (int i = 0; i < stack; i++)
        {
            ref readonly var pair = ref state.Shown[LastPairs<TFrame>.Length - stack + i];
            PixelPicture<TRules, TGame, TFrame, TFormat>.Draw(in pair.First, in pair.Second, stack == 1 ? observation : scratch.Slice(i * bytes, bytes));
        }
        if (stack > 1) PictureStack.Interleave(scratch, stack, TFormat.Bytes, observation);
    }
}
