namespace Sim.Environments.MinAtar.Players;

/// <summary>Takes gold that lies on the way and leaves rows on which an enemy comes near.</summary>
public sealed class AsterixPlayer(BatchEnvironment environments) : BoardPlayer<AsterixRules, AsterixGame>(environments)
{
    private const int Player = 0, Enemy = 1, Trail = 2, Gold = 3;

    private static readonly (int Code, int X, int Y)[] Moves =
    [
        (MinAtarAction.None, 0, 0), (MinAtarAction.Left, -1, 0), (MinAtarAction.Right, 1, 0), (MinAtarAction.Up, 0, -1), (MinAtarAction.Down, 0, 1),
    ];

    protected override int Choose(ReadOnlySpan<byte> board)
    {
        var (x, y) = Find(board, Player);
        int best = MinAtarAction.None;
        float highest = float.NegativeInfinity;
        foreach (var (code, dx, dy) in Moves)
        {
            float worth = Worth(board, Math.Clamp(x + dx, 0, Board.Last), Math.Clamp(y + dy, 1, 8));
            if (worth > highest) (best, highest) = (code, worth);
        }
        return best;
    }

    private static float Worth(ReadOnlySpan<byte> board, int x, int y)
    {
        // The middle is the best place to wait: everything comes from the sides.
        float worth = -0.01f * (Math.Abs(x - 4.5f) + Math.Abs(y - 4.5f));
        for (int row = 1; row <= 8; row++)
        {
            for (int column = 0; column < Board.Side; column++)
            {
                int rows = Math.Abs(row - y), distance = Math.Abs(column - x);
                if (Has(board, column, row, Enemy) && rows == 0) worth -= Danger(board, column, row, x);
                if (Has(board, column, row, Gold)) worth += 1f / (1 + rows + distance);
            }
        }
        return worth;
    }

    private static float Danger(ReadOnlySpan<byte> board, int column, int row, int x)
    {
        int distance = Math.Abs(column - x);
        if (distance == 0) return 100;
        bool movesRight = Has(board, column - 1, row, Trail) || column == 0;
        bool comes = movesRight == (x > column);
        return comes ? distance <= 2 ? 50f / distance : 2f / distance : distance == 1 ? 1 : 0;
    }
}
