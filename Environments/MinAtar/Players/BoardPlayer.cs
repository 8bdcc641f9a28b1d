namespace Sim.Environments.MinAtar.Players;

/// <summary>
/// A scripted player: chooses an action code for each board that it is shown. What it cannot see, such as who moves when,
/// it does not know either; it is a yardstick, not an optimum.
/// </summary>
/// <typeparam name="TRules">The game.</typeparam>
/// <typeparam name="TGame">The game's state.</typeparam>
public abstract class BoardPlayer<TRules, TGame> : IActor
    where TRules : struct, IMinAtarGame<TGame>
    where TGame : unmanaged
{
    private readonly int[] _indices;

    /// <exception cref="ArgumentException">The batch is of another task, or does not show the board.</exception>
    protected BoardPlayer(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (environments.Spec.Settings is not MinAtarSettings settings || environments.Spec.ObservationBox.Size != Board.Cells * TRules.Channels)
            throw new ArgumentException($"this player reads boards of {TRules.Channels} channels; {environments.Spec.Id} shows {environments.Spec.ObservationBox}");
        if (settings.View != MinAtarView.Board)
            throw new ArgumentException($"the scripted player reads the board: {environments.Spec.Id} shows {settings.View}; leave view=board");
        _indices = [.. Enumerable.Range(0, MinAtarAction.Count).Select(code => settings.MinimalActions ? Math.Max(TRules.MinimalActions.IndexOf((byte)code), 0) : code)];
    }

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var choices = environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++) choices[lane] = _indices[Choose(environments.Observations.RowBytes(lane))];
    }

    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>An action code for a board <c>[10, 10, C]</c>.</summary>
    protected abstract int Choose(ReadOnlySpan<byte> board);

    protected static bool Has(ReadOnlySpan<byte> board, int x, int y, int channel)
        => Board.Has(x, y) && board[Board.At(x, y, TRules.Channels) + channel] != 0;

    /// <summary>The first cell that has a channel's mark, from the top left; (−1, −1) where none has.</summary>
    protected static (int X, int Y) Find(ReadOnlySpan<byte> board, int channel)
    {
        for (int cell = 0; cell < Board.Cells; cell++)
        {
            if (board[(cell * TRules.Channels) + channel] != 0) return (cell % Board.Side, cell / Board.Side);
        }
        return (-1, -1);
    }

    /// <summary>The step towards a column.</summary>
    protected static int Towards(int from, int to) => to < from ? MinAtarAction.Left : to > from ? MinAtarAction.Right : MinAtarAction.None;
}
