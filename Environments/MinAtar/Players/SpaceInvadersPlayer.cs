namespace Sim.Environments.MinAtar.Players;

/// <summary>Steps out of the way of bullets, stands below the nearest alien, and shoots.</summary>
public sealed class SpaceInvadersPlayer(BatchEnvironment environments) : BoardPlayer<SpaceInvadersRules, SpaceInvadersGame>(environments)
{
    private const int Cannon = 0, Alien = 1, MovesLeft = 2, EnemyBullet = 5;

    protected override int Choose(ReadOnlySpan<byte> board)
    {
        var (cannon, _) = Find(board, Cannon);
        int danger = Danger(board, cannon);
        if (danger > 0)
        {
            int left = Danger(board, cannon - 1), right = Danger(board, cannon + 1);
            if (left < danger || right < danger) return left <= right ? MinAtarAction.Left : MinAtarAction.Right;
        }
        int target = Target(board, cannon);
        return target == cannon ? MinAtarAction.Fire : Towards(cannon, target);
    }

    /// <summary>How near a column is to being hit: 0 where no bullet is close.</summary>
    private static int Danger(ReadOnlySpan<byte> board, int column)
    {
        if (!Board.Has(column, 0)) return 100;
        for (int away = 1; away <= 3; away++)
        {
            if (Has(board, column, Board.Last - away, EnemyBullet)) return 4 - away;
        }
        return 0;
    }

    /// <summary>The column with an alien that is nearest to the cannon; where aliens are few, the one they are going to.</summary>
    private static int Target(ReadOnlySpan<byte> board, int cannon)
    {
        int target = cannon, nearest = int.MaxValue;
        var (x, y) = Find(board, Alien);
        int lead = x >= 0 && Has(board, x, y, MovesLeft) ? -1 : 1;
        for (int column = 0; column < Board.Side; column++)
        {
            int lowest = Lowest(board, column);
            if (lowest < 0) continue;
            // A bullet climbs while the aliens take steps of their own.
            int meet = Math.Clamp(Lonely(board) ? column + (lead * ((Board.Last - lowest) / 2)) : column, 0, Board.Last);
            int distance = Math.Abs(meet - cannon);
            if (distance < nearest) (target, nearest) = (meet, distance);
        }
        return target;
    }

    private static int Lowest(ReadOnlySpan<byte> board, int column)
    {
        int row = Board.Last;
        while (row >= 0 && !Has(board, column, row, Alien)) row--;
        return row;
    }

    private static bool Lonely(ReadOnlySpan<byte> board)
    {
        int count = 0;
        for (int cell = 0; cell < Board.Cells; cell++) count += Has(board, cell % Board.Side, cell / Board.Side, Alien) ? 1 : 0;
        return count <= 2;
    }
}
