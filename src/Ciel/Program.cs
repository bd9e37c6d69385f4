if (args is ["helper", ..])
{
    return Ciel.Agent.HelperProcess.Run(args[1..]);
}

return 0;
