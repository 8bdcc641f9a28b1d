namespace Sim.Environments.MinAtar.Players;

/// <summary>Shoots what swims ahead on its row, keeps off rows where something is close, fetches divers, and surfaces with one when air runs low.</summary>
public sealed class SeaquestPlayer(BatchEnvironment environments) : BoardPlayer<SeaquestRules, SeaquestGame>(environments)
{
    private const int Front = 0, Back = 1, EnemyBullet = 4, Fish = 5, Submarine = 6, Oxygen = 7, OnBoard = 8, Diver = 9;

    private const int LowAir = 4, LowestRow = 8;

    private static readonly (int Code, int X, int Y)[] Moves =
    [
        (MinAtarAction.None, 0, 0), (MinAtarAction.Up, 0, -1), (MinAtarAction.Down, 0, 1), (MinAtarAction.Left, -1, 0), (MinAtarAction.Right, 1, 0),
    ];

    protected override int Choose(ReadOnlySpan<byte> board)
    {
        var (x, y) = Find(board, Front);
        int way = Has(board, x - 1, y, Back) ? 1 : -1;
        bool hasDivers = Has(board, Board.Last - 1, Board.Last, OnBoard);
        bool rises = hasDivers && (!Has(board, LowAir, Board.Last, Oxygen) || Has(board, Board.Last - 6, Board.Last, OnBoard));
        int best = MinAtarAction.None;
        float highest = float.NegativeInfinity;
        foreach (var (code, dx, dy) in Moves)
        {
            int toX = Math.Clamp(x + dx, 0, Board.Last), toY = Math.Clamp(y + dy, 0, LowestRow);
            if (toY == 0 && !rises && y > 0) continue;
            float worth = -Danger(board, toX, toY) + Goal(board, toX, toY, rises);
            if (worth > highest) (best, highest) = (code, worth);
        }
        bool shoots = Ahead(board, x, y, way) && -Danger(board, x, y) + Goal(board, x, y, rises) > highest - 20;
        return shoots ? MinAtarAction.Fire : best;
    }

    private static bool Ahead(ReadOnlySpan<byte> board, int x, int y, int way)
    {
        for (int column = x + way; Board.Has(column, y); column += way)
        {
            if (Has(board, column, y, Fish) || Has(board, column, y, Submarine)) return true;
        }
        return false;
    }

    private static float Danger(ReadOnlySpan<byte> board, int x, int y)
    {
        float danger = 0;
        for (int column = 0; column < Board.Side; column++)
        {
            int distance = Math.Abs(column - x);
            if (Has(board, column, y, Fish) || Has(board, column, y, Submarine)) danger += distance == 0 ? 100 : distance == 1 ? 40 : distance == 2 ? 8 : 0;
            if (Has(board, column, y, EnemyBullet)) danger += distance <= 1 ? 60 : distance <= 3 ? 25 : 0;
        }
        return danger;
    }

    private static float Goal(ReadOnlySpan<byte> board, int x, int y, bool rises)
    {
        if (rises) return -10f * y;
        float worth = -0.2f * Math.Abs(y - 4);
        for (int row = 1; row <= LowestRow; row++)
        {
            for (int column = 0; column < Board.Side; column++)
            {
                if (Has(board, column, row, Diver)) worth += 6f / (1 + Math.Abs(column - x) + (2 * Math.Abs(row - y)));
                if (Has(board, column, row, Fish) || Has(board, column, row, Submarine)) worth += 0.5f / (1 + Math.Abs(row - y));
            }
        }
        return worth;
    }
}
