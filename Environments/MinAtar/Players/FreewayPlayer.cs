namespace Sim.Environments.MinAtar.Players;

/// <summary>Goes up unless a car is about to cross the next row's middle; then it waits.</summary>
public sealed class FreewayPlayer(BatchEnvironment environments) : BoardPlayer<FreewayRules, FreewayGame>(environments)
{
    private const int Chicken = 0, Car = 1, FirstSpeed = 2, Column = 4;

    protected override int Choose(ReadOnlySpan<byte> board)
    {
        int row = RowOf(board);
        return IsDangerous(board, row - 1) ? MinAtarAction.None : MinAtarAction.Up;
    }

    private static int RowOf(ReadOnlySpan<byte> board)
    {
        int row = Board.Last;
        while (row > 0 && !Has(board, Column, row, Chicken)) row--;
        return row;
    }

    /// <summary>Whether the row's car stands in the way or reaches it before the chicken can be past: 3 steps.</summary>
    private static bool IsDangerous(ReadOnlySpan<byte> board, int row)
    {
        if (row is < 1 or > 8) return false;
        for (int away = -2; away <= 2; away++)
        {
            if (!Has(board, Column + away, row, Car)) continue;
            if (away == 0) return true;
            for (int speed = 0; speed < 5; speed++)
            {
                // The mark of its speed lies behind the car: it comes where that is farther off than the car itself.
                if (!Has(board, Column + away + Math.Sign(away), row, FirstSpeed + speed)) continue;
                if (Math.Abs(away) * (speed + 2) <= 4) return true;
            }
        }
        return false;
    }
}
