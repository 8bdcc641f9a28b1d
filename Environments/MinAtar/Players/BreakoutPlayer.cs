namespace Sim.Environments.MinAtar.Players;

/// <summary>Goes where the ball will come down, or on its way up below it.</summary>
public sealed class BreakoutPlayer(BatchEnvironment environments) : BoardPlayer<BreakoutRules, BreakoutGame>(environments)
{
    private const int Paddle = 0, Ball = 1, Trail = 2;

    protected override int Choose(ReadOnlySpan<byte> board)
    {
        var (paddle, _) = Find(board, Paddle);
        var (x, y) = Find(board, Ball);
        var (lastX, lastY) = Find(board, Trail);
        // A bounce leaves the ball on its row: low down it came off the paddle.
        if (lastY > y || (lastY == y && y > Board.Side / 2)) return Towards(paddle, x);
        int way = x != lastX ? Math.Sign(x - lastX) : x == 0 ? 1 : -1;
        for (; y < Board.Last - 1; y++)
        {
            if (!Board.Has(x + way, 0)) way = -way;
            else x += way;
        }
        return Towards(paddle, x);
    }
}
