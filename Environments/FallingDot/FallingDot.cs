using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Sim.Environments.Scalar;
using Sim.Environments.Spaces;

namespace Sim.Environments.FallingDot;

/// <summary>Configuration of <c>falling-dot</c>.</summary>
public record struct FallingDotSettings()
{
    /// <summary>Dots of an episode.</summary>
    [Range(1, 1000)] public int Drops { get; init; } = 10;
}

/// <summary>State of <c>falling-dot</c>: columns and row of a board of 10 by 10, row 0 on top.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FallingDotState
{
    /// <summary>Where the dot is.</summary>
    public byte Column, Row;

    /// <summary>Column of the paddle's middle, 1 to 8; its row is 9.</summary>
    public byte Paddle;

    /// <summary>Whether the last dot has come down and none follows.</summary>
    public byte Over;

    /// <summary>Dots that have come down, and those of them that were caught.</summary>
    public short Fallen, Caught;
}

/// <summary>
/// Catch dots that fall from random columns, one row a step, with a paddle of three cells: +1 for each that is caught,
/// −1 for each that is missed. The least that an agent of boards must learn: an optimal one catches all. Its ancestor is the
/// game "catch" of Mnih, Heess, Graves and Kavukcuoglu, "Recurrent Models of Visual Attention", 2014.
/// </summary>
public readonly struct FallingDotTask : IScalarTask<FallingDotState, FallingDotSettings>
{
    /// <summary>Rows and columns of the board.</summary>
    public const int Side = 10;

    /// <summary>Channels of a cell: paddle, dot.</summary>
    public const int Channels = 2;

    private const int LastRow = Side - 1;

    public static void Reset<TDraws>(ref FallingDotState state, ref TDraws draws, in FallingDotSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
        => state = new FallingDotState { Column = (byte)draws.Between(0, Side), Paddle = (byte)draws.Between(1, Side - 1) };

    /// <summary>Actions: 0 stay, 1 left, 2 right.</summary>
    public static ScalarOutcome Step<TDraws>(ref FallingDotState state, int action, ref TDraws draws, in FallingDotSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        int move = action switch { 1 => -1, 2 => 1, _ => 0 };
        state.Paddle = (byte)Math.Clamp(state.Paddle + move, 1, Side - 2);
        state.Row++;
        if (state.Row < LastRow) return new(0, false);
        bool caught = Math.Abs(state.Column - state.Paddle) <= 1;
        state.Fallen++;
        if (caught) state.Caught++;
        if (state.Fallen < settings.Drops)
        {
            (state.Row, state.Column) = (0, (byte)draws.Between(0, Side));
            return new(caught ? 1 : -1, false);
        }
        state.Over = 1;
        return new(caught ? 1 : -1, true, success: state.Caught == state.Fallen);
    }

    public static void Observe(in FallingDotState state, in FallingDotSettings settings, Span<byte> observation)
    {
        observation.Clear();
        for (int column = state.Paddle - 1; column <= state.Paddle + 1; column++) observation[((LastRow * Side) + column) * Channels] = 1;
        observation[(((state.Row * Side) + state.Column) * Channels) + 1] = 1;
    }

    public static bool IsWhole(in FallingDotState state)
        => state is { Column: < Side, Row: < Side, Paddle: >= 1 and <= Side - 2, Fallen: >= 0, Caught: >= 0 } && (state.Row < LastRow || state.Over == 1);
}

/// <summary>Registry row of <c>falling-dot</c>.</summary>
public static class FallingDotGame
{
    public static ScalarDefinition<FallingDotTask, FallingDotState, FallingDotSettings> Definition { get; } = new("falling-dot")
    {
        Summary = "Catch falling dots with a paddle of three cells on a board of 10 by 10.",
        Action = _ => new Discrete(3),
        Observation = _ => BoardBox.Of(FallingDotTask.Side, FallingDotTask.Side, FallingDotTask.Channels),
        TimeLimit = settings => settings.Drops * (FallingDotTask.Side - 1),
        ControlPeriod = _ => 0.1f,
        RewardTerm = "caught",
        RewardRange = (-1, 1),
        HasSuccess = true,
        SolvedAt = 8,
        ScriptedExpert = _ => new FallingDotExpert(),
    };
}
