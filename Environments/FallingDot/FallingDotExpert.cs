namespace Sim.Environments.FallingDot;

/// <summary>Moves the paddle under the dot, which it reads off the board: it catches every one.</summary>
public sealed class FallingDotExpert : IActor
{
    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var choices = environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++)
        {
            var board = environments.Observations.RowBytes(lane);
            int dot = 0, paddle = 0;
            for (int cell = 0; cell < FallingDotTask.Side * FallingDotTask.Side; cell++)
            {
                int column = cell % FallingDotTask.Side;
                if (board[(cell * FallingDotTask.Channels) + 1] != 0) dot = column;
                // The last of three cells that it finds is the right one.
                if (board[cell * FallingDotTask.Channels] != 0) paddle = column - 1;
            }
            choices[lane] = dot < paddle ? 1 : dot > paddle ? 2 : 0;
        }
    }

    public void Dispose()
    {
    }
}
