using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>A game, and the action that may stick.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MinAtarState<TGame> where TGame : unmanaged
{
    public TGame Game;

    /// <summary>Code of the action executed last.</summary>
    public byte Executed;
}

/// <summary>What is common to the games: sticky actions, action sets, views.</summary>
public readonly struct MinAtarTask<TRules, TGame> : IScalarTask<MinAtarState<TGame>, MinAtarSettings>
    where TRules : struct, IMinAtarGame<TGame>
    where TGame : unmanaged
{
    public static void Reset<TDraws>(ref MinAtarState<TGame> state, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        byte executed = settings.StickyAcrossEpisodes ? state.Executed : (byte)MinAtarAction.None;
        state = new() { Game = TRules.Start(ref draws), Executed = executed };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarOutcome Step<TDraws>(ref MinAtarState<TGame> state, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        // The stickiness is drawn before all else, and also where it cannot matter.
        int code = settings.MinimalActions ? TRules.MinimalActions[action] : action;
        if (draws.Unit() < settings.StickyProbability) code = state.Executed;
        state.Executed = (byte)code;
        if (TRules.IsOver(in state.Game)) return new(0, true);
        int reward = TRules.Step(ref state.Game, code, ref draws, in settings);
        return new(reward, TRules.IsOver(in state.Game));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Observe(in MinAtarState<TGame> state, in MinAtarSettings settings, Span<byte> observation)
    {
        if (settings.View == MinAtarView.Board) TRules.Draw(in state.Game, observation);
        else ObserveView(in state.Game, settings.View, observation);
    }

    public static bool IsWhole(in MinAtarState<TGame> state) => state.Executed < MinAtarAction.Count && TRules.IsWhole(in state.Game);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ObserveView(in TGame game, MinAtarView view, Span<byte> observation)
    {
        Span<byte> cells = stackalloc byte[Board.Cells * TRules.Channels];
        TRules.Draw(in game, cells);
        if (view == MinAtarView.Planes) Board.ToPlanes(cells, observation);
        else Board.ToPixels(cells, TRules.Colours, observation);
    }
}
