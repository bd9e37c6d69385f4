namespace Ciel.Tests.Keepers;

/// <summary>What goes wrong at one point of a run.</summary>
internal enum CrashFault
{
    /// <summary>Nothing: the run in which the points are counted.</summary>
    None,

    /// <summary>The step's commit is lost, and the step runs again.</summary>
    CommitLost,

    /// <summary>The controller is killed before the commit, and another goes on.</summary>
    Killed,

    /// <summary>The owner deletes the server between a step and its commit.</summary>
    Deleted,

    /// <summary>The call to the node is lost.</summary>
    CallLost,

    /// <summary>The node's answer is lost.</summary>
    AnswerLost,
}
